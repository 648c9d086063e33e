// holdfast points --at PLACE
import type { Command } from 'commander';
import { formatBytes } from '../../../shared/text/bytes.ts';
import { formatMoment } from '../../../shared/text/moments.ts';
import { listPoints, type ListedPoint, type PointListing } from '../../jobs/list-points.ts';
import { useVault } from '../../jobs/use-vault.ts';
import { resolvePlace } from '../place-argument.ts';
import type { RunCommand } from '../run-cli.ts';
import { shortId } from '../short-id.ts';
import type { Answer, CliSession } from '../session.ts';
import { formatTable } from '../text-table.ts';

/** Adds `points`. */
export function addPointsCommand(program: Command, run: RunCommand): void {
  program
    .command('points')
    .description('list the restore points of a vault, newest first')
    .requiredOption('--at <place>', 'folder of the vault')
    .addHelpText('after', '\nExample:\n  $ holdfast points --at /mnt/usb/crm')
    .action(async (options: { at: string }, command: Command) =>
      run(command, async (session) => listAt(session, options.at)),
    );
}

async function listAt(session: CliSession, at: string): Promise<Answer> {
  const { engine, context } = session;
  const place = resolvePlace(session, at);
  const listing = await useVault(
    engine,
    { place, expectedVault: null },
    context,
    async ({ vault }) => listPoints(engine, vault, context.signal),
  );
  const { unreadable, vanished, holds } = listing;
  const points = listing.points.map(describePoint);
  const [bad] = unreadable;
  return {
    document: { points, unreadable, vanished, holds },
    text: formatListing(session, listing),
    ...(bad === undefined
      ? {}
      : { failure: { code: 'point-damaged', point: bad, objects: [`points/${bad}`] } }),
  };
}

function describePoint({
  point,
  isDamaged,
  isSafetyPoint,
  holds,
}: ListedPoint): Record<string, unknown> {
  return {
    id: point.id,
    epoch: point.epoch,
    counter: point.counter,
    kind: point.kind,
    parent: point.parent,
    family: point.family,
    planId: point.planId,
    takenAtMs: point.takenAt.ms,
    zone: point.takenAt.zone,
    isTimeDoubtful: point.takenAt.doubtful,
    host: point.host,
    sources: point.sources.map(({ id, name, path, label }) => ({ id, name, path, label })),
    bytesStored: point.written.bytes,
    bytesRead: point.written.readBytes,
    problems: point.problems.length,
    isDamaged,
    isSafetyPoint,
    holds,
  };
}

function formatListing(session: CliSession, { points }: PointListing): string {
  const { labels, locale, clock } = session;
  const { names } = labels;
  if (points.length === 0) return names['no-points'];
  return formatTable(
    [
      { title: names['restore-point'] },
      { title: names.taken },
      { title: names.kind },
      { title: names['bytes-stored'], align: 'right' },
      { title: names['crm-data'] },
      { title: names.state },
    ],
    points.map((listed) => [
      shortId(listed.point.id),
      formatMoment(listed.point.takenAt.ms, clock.zone()),
      labels.kinds[listed.point.kind],
      formatBytes(listed.point.written.bytes, locale),
      listed.point.sources.map(({ name }) => name).join(', '),
      stateOf(session, listed),
    ]),
  );
}

function stateOf(
  { labels }: CliSession,
  { point, isDamaged, isSafetyPoint, holds }: ListedPoint,
): string {
  const { names } = labels;
  const parts = [
    ...(isSafetyPoint ? [names['kept-before-restore']] : []),
    ...(isDamaged ? [names.damaged] : []),
    ...(point.problems.length > 0 ? [`${names.problems}: ${point.problems.length}`] : []),
    ...holds.map((reason) => `${names.held}: ${reason}`),
  ];
  return parts.join(', ');
}
