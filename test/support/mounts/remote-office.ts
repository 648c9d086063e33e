/** The test's side of an office in a guest or on a mount: puts steps, hears answers. */
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { LineLog } from './line-log.ts';
import { parseEvent, stepFile } from './office-protocol.ts';
import type { OfficeEvent, OfficeFacts, OfficeStep } from './office-protocol.ts';

export type Done = Extract<OfficeEvent, { event: 'done' }>;
export type Failed = Extract<OfficeEvent, { event: 'failed' }>;

export interface StartedStep {
  /** Resolves when data is under way. */
  readonly working: Promise<void>;
  readonly begun: Promise<Extract<OfficeEvent, { event: 'begun' }>>;
  readonly ended: Promise<Done | Failed>;
}

export interface RemoteOffice {
  ready(): Promise<void>;
  start(step: OfficeStep): Promise<StartedStep>;
  /** Waits for the end; throws what the office failed with. */
  run(step: OfficeStep): Promise<OfficeFacts>;
  /** All that was heard so far. */
  heard(): readonly OfficeEvent[];
}

/**
 * `steps` is a folder that both see: not under /dev, /run or /mnt, which guests have of their own. Listens to `lines`, from line `from` on: an office that is started again counts its steps anew, two
 * that talk at once are told apart by `isOwn`.
 */
export function listenToOffice(
  lines: LineLog,
  steps: string,
  from = 0,
  isOwn: (line: string) => boolean = () => true,
): RemoteOffice {
  let count = 0;
  const next = async <E extends OfficeEvent['event']>(
    isIt: (event: OfficeEvent) => event is Extract<OfficeEvent, { event: E }>,
  ): Promise<Extract<OfficeEvent, { event: E }>> => {
    const line = await lines.next((said) => {
      const event = isOwn(said) ? parseEvent(said) : null;
      return event !== null && isIt(event);
    }, from);
    return parseEvent(line) as Extract<OfficeEvent, { event: E }>;
  };
  const of = async <E extends Exclude<OfficeEvent['event'], 'ready'>>(
    step: number,
    ...events: readonly E[]
  ): Promise<Extract<OfficeEvent, { event: E }>> =>
    next(
      (event): event is Extract<OfficeEvent, { event: E }> =>
        event.event !== 'ready' &&
        event.step === step &&
        (events as readonly string[]).includes(event.event),
    );
  const start = async (wanted: OfficeStep): Promise<StartedStep> => {
    const step = count++;
    const path = join(steps, stepFile(step));
    // Seen whole or not at all.
    await writeFile(`${path}.new`, JSON.stringify(wanted));
    await rename(`${path}.new`, path);
    const started = {
      begun: of(step, 'begun'),
      working: of(step, 'working', 'done', 'failed').then(() => undefined),
      ended: of(step, 'done', 'failed'),
    };
    // Whoever does not wait for one of them is not to be told of its end.
    for (const promise of Object.values(started)) promise.catch(() => undefined);
    return started;
  };
  return {
    ready: async () =>
      next(
        (event): event is Extract<OfficeEvent, { event: 'ready' }> => event.event === 'ready',
      ).then(() => undefined),
    start,
    async run(wanted) {
      const { ended } = await start(wanted);
      const end = await ended;
      if (end.event === 'done') return end;
      throw new Error(`${wanted.do}: ${JSON.stringify(end.failure)}\n${end.stack}`);
    },
    heard: () =>
      lines
        .all()
        .slice(from)
        .filter(isOwn)
        .flatMap((line) => parseEvent(line) ?? []),
  };
}

/** Empties a folder of steps for an office that counts anew. */
export async function clearSteps(steps: string): Promise<void> {
  await rm(steps, { recursive: true, force: true });
  await mkdir(steps);
}
