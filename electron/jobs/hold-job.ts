// Holds: restore points that stay whatever the keep rules say. They live in the vault.
import { BackupError } from '../../shared/model/backup-error.ts';
import { addHold, listHolds, releaseHold } from '../engine/retention/holds.ts';
import { readPointIndex } from '../engine/vault/point-index.ts';
import type { Engine } from './engine.ts';
import { findPoint, type WantedPoint } from './find-point.ts';
import type { JobContext } from './record-run.ts';
import { changeVault, useVault } from './use-vault.ts';

/** Resolves with the ids of the point that is held now and of the hold. */
export async function holdJob(
  engine: Engine,
  request: { readonly place: string; readonly wanted: WantedPoint; readonly reason: string },
  context: JobContext,
): Promise<{ readonly point: string; readonly hold: string }> {
  const { place, wanted, reason } = request;
  if (reason.trim() === '') throw new BackupError({ code: 'usage', detail: 'the reason is empty' });
  return useVault(engine, { place, expectedVault: null }, context, async ({ vault }) => {
    const { ref } = await findPoint(engine, vault, wanted);
    await changeVault(engine, vault, 'hold', context.signal, async (lease) =>
      addHold(vault, lease, [ref], reason),
    );
    const { notes } = await readPointIndex(vault, engine.vaults.report);
    const newest = listHolds(notes).findLast(({ points }) => points.includes(ref.id));
    return { point: ref.id, hold: newest?.hold ?? '' };
  });
}

/** Ends a hold by its id or the beginning of it. Throws usage when there is none. */
export async function releaseJob(
  engine: Engine,
  request: { readonly place: string; readonly hold: string },
  context: JobContext,
): Promise<void> {
  const { place, hold } = request;
  await useVault(engine, { place, expectedVault: null }, context, async ({ vault }) =>
    changeVault(engine, vault, 'hold', context.signal, async (lease) =>
      releaseHold(vault, lease, hold),
    ),
  );
}
