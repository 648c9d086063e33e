// What a restore in place will do where the target's folder has gone, or is not there yet on a new computer: it is made.
// One answer for the preview and for the look before the first of several targets is touched.
import { dirname } from 'node:path';
import { stat } from 'node:fs/promises';
import { freeBytesAbove } from '../engine/restore/free-bytes.ts';
import { planInPlace, type InPlacePlan } from '../engine/restore/plan-in-place.ts';
import type { RestoreContent } from '../engine/restore/restore-content.ts';
import { onMissing } from '../engine/restore/safe-target.ts';
import type { InPlaceTarget } from './in-place-target.ts';

/** Null: nothing has to be made, or a folder that is backed up is missing as a whole. Throws target-full. */
export async function planInNewFolder(
  { source, file }: InPlaceTarget,
  path: string,
  content: Pick<RestoreContent, 'kind' | 'pageSize' | 'files'>,
): Promise<(InPlacePlan & { readonly freeBytes: number | null }) | null> {
  if (await isThere(dirname(path))) return null;
  if (file !== null && !(await isThere(source.path))) return null;
  const freeBytes = await freeBytesAbove(path);
  const plan = planInPlace({
    look: { path, file: null, sideFiles: [], heldBy: [], lock: null },
    content: {
      kind: content.kind,
      pageSize: content.pageSize,
      size: content.files[0]?.size ?? 0,
      storedBytes: content.files.reduce((sum, each) => sum + each.storedBytes, 0),
    },
    freeBytes,
    isSafetyOnSameDisk: false,
  });
  return { ...plan, freeBytes };
}

async function isThere(path: string): Promise<boolean> {
  return (await stat(path).catch(onMissing)) !== null;
}
