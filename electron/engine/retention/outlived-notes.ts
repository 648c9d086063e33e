// Notes that say nothing any more and may go: what they explain is gone, or a newer record says it. Pure.
import { notesOf } from '../vault/notes.ts';
import type { PointIndex } from '../vault/point-index.ts';

/** `epoch` is the holder's: its lease was taken after everything judged here. */
export function findOutlivedNotes(index: PointIndex, epoch: number): readonly string[] {
  const newestEpoch = index.live.at(-1)?.epoch ?? 0;
  const newestEnd = Math.max(0, ...index.leases.ends);
  const isPast = (noteEpoch: number) => noteEpoch < Math.min(newestEpoch, newestEnd, epoch);
  // Newer manifests, ends and leases no longer name these points, so nobody misses them.
  const forgets = notesOf(index.notes, 'forget').filter(
    (note) => isPast(note.place.epoch) && !mentionsPresent(index, note.content.points),
  );
  // The lease of a later turn lists adopted points itself.
  const adopts = notesOf(index.notes, 'adopt').filter(
    (note) => index.newestLease !== null && note.place.epoch < index.newestLease.epoch,
  );
  const releases = notesOf(index.notes, 'release');
  const released = new Set(releases.map((note) => note.content.hold));
  const holds = notesOf(index.notes, 'hold').filter((note) => released.has(note.place.id));
  const plans = notesOf(index.notes, 'plan');
  const newestPlans = new Map(plans.map((note) => [planIdOf(note.content.plan), note.name]));
  const oldPlans = plans.filter(
    (note) => newestPlans.get(planIdOf(note.content.plan)) !== note.name,
  );
  const pairedReleases = releases.filter((release) =>
    holds.some((hold) => hold.place.id === release.content.hold),
  );
  return [...forgets, ...adopts, ...holds, ...pairedReleases, ...oldPlans].map((note) => note.name);
}

function mentionsPresent(index: PointIndex, stems: readonly string[]): boolean {
  const present = new Set([...index.live, ...index.late].map((ref) => ref.stem));
  return stems.some((stem) => present.has(stem));
}

function planIdOf(plan: unknown): string {
  const id: unknown = typeof plan === 'object' && plan !== null && 'id' in plan ? plan.id : null;
  return typeof id === 'string' ? id : '';
}
