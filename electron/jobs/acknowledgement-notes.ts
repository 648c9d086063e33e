// Up to which restore point somebody has said that rows which went were meant to go, noted in the vault: the keep rules of
// other computers go by it, and a new computer does not ask again.
import type { PlanId } from '../../shared/model/ids.ts';
import { compareSequence, type Sequence } from '../../shared/model/restore-point.ts';
import { notesOf, writeNote, type Note } from '../engine/vault/notes.ts';
import { readPointIndex } from '../engine/vault/point-index.ts';
import type { Vault } from '../engine/vault/vault.ts';
import type { Engine } from './engine.ts';
import { readAcknowledgedUpTo } from './loss-acknowledgements.ts';
import type { JobContext } from './record-run.ts';
import { changeVault } from './use-vault.ts';

/** The furthest of each plan. */
export function acknowledgedInNotes(notes: readonly Note[]): ReadonlyMap<PlanId, Sequence> {
  const furthest = new Map<PlanId, Sequence>();
  for (const { content } of notesOf(notes, 'acknowledge')) {
    const plan = content.plan as PlanId;
    const known = furthest.get(plan);
    if (known === undefined || compareSequence(known, content) < 0) furthest.set(plan, content);
  }
  return furthest;
}

/** Tells the vault what was said on this computer, where it does not know it. */
export async function renewAcknowledgementNote(
  engine: Engine,
  vault: Vault,
  plan: PlanId,
  { signal }: Pick<JobContext, 'signal'>,
): Promise<void> {
  const upTo = await readAcknowledgedUpTo(engine, plan);
  if (upTo === null) return;
  const { notes } = await readPointIndex(vault, engine.vaults.report);
  const noted = acknowledgedInNotes(notes).get(plan);
  if (noted !== undefined && compareSequence(noted, upTo) >= 0) return;
  const { epoch, counter } = upTo;
  await changeVault(engine, vault, 'acknowledge', signal, async (lease) =>
    writeNote(vault, lease, { what: 'acknowledge', plan, epoch, counter }),
  );
}
