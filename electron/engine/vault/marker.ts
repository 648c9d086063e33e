// The marker inside a vault: how a place is recognised, never by its path alone (FORMAT.md section 1).
import { z } from 'zod';
import { BackupError, hasCode } from '../../../shared/model/backup-error.ts';
import type { VaultId } from '../../../shared/model/ids.ts';
import { parseJson } from '../format/level-index.ts';
import { MARKER_NAME } from '../format/object-names.ts';
import { FORMAT_VERSION } from '../format/sealed-object.ts';
import type { Storage } from '../storage/storage.ts';

const MAX_MARKER_BYTES = 64 * 1024;
const markerSchema = z.object({
  format: z.literal('holdfast-vault'),
  version: z.number().int().min(1),
  vaultId: z.string().regex(/^[0-9a-f]{32}$/),
});

export function encodeMarker(vaultId: VaultId): Buffer {
  return Buffer.from(
    `${JSON.stringify({ format: 'holdfast-vault', version: FORMAT_VERSION, vaultId })}\n`,
  );
}

/** The id of the vault at a place. Throws vault-missing, vault-newer, vault-damaged. */
export async function readMarker(storage: Storage): Promise<VaultId> {
  const place = storage.location;
  try {
    const marker = parseJson(
      markerSchema,
      await storage.readWhole(MARKER_NAME, MAX_MARKER_BYTES),
      MARKER_NAME,
    );
    if (marker.version > FORMAT_VERSION)
      throw new BackupError({ code: 'vault-newer', place, version: marker.version });
    return marker.vaultId as VaultId;
  } catch (error) {
    if (hasCode(error, 'object-missing'))
      throw new BackupError({ code: 'vault-missing', place }, error);
    if (hasCode(error, 'object-damaged')) {
      throw new BackupError({ code: 'vault-damaged', place, objects: [MARKER_NAME] }, error);
    }
    throw error;
  }
}
