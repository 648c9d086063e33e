// The one seam between the name of a place and a folder that can be read and written. A plain path is its own folder;
// anything else is connected by its way when it is first used, and let go a while after its last use.
// Promise: a connection serves all that use it at once, and is not let go while anybody does; one that was there before is
// never let go; a look connects nothing.
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { BackupError, hasCode } from '../../../shared/model/backup-error.ts';
import type { Clock } from '../../../shared/model/clock.ts';
import { isAddress } from '../../../shared/model/place.ts';
import { withinTime } from '../within-time.ts';
import { nameFailures, namePlace } from './name-failures.ts';
import type { Connection, PlaceRoute, PlaceWay } from './place-way.ts';

/** Between two steps of one run, and for a person who clicks on, nothing is connected anew. */
const LINGER_MS = 60_000;
/** A connection that is in doubt and does not answer by then is made anew. */
const ALIVE_WITHIN_MS = 5_000;
const NEVER = new AbortController().signal;

export interface HeldPlace extends AsyncDisposable {
  /** Absolute; need not exist: only what it lies in is connected. */
  readonly folder: string;
}

export interface Places {
  /** Runs `use` on the place's folder. Throws what connecting throws; failures of `use` name the place. */
  use<T>(
    place: string,
    signal: AbortSignal | null,
    use: (folder: string) => Promise<T>,
  ): Promise<T>;
  /** Keeps the place connected until disposed, for a run that must not lose it between two of its steps. */
  hold(place: string, signal: AbortSignal | null): Promise<HeldPlace>;
  /** Something failed there without `use`: before its next use the connection is looked at. */
  doubt(place: string): void;
  /** Throws place-unreachable when the connection is gone: then nothing that was not found there is known to be missing. */
  assertConnected(place: string): Promise<void>;
  /** The folder if nothing has to be connected for it; null: not now. The folder need not exist. */
  sight(place: string): Promise<string | null>;
  /** True for a place whose folder may be another one after a while: a storage on it goes through `use` each time. */
  needsConnecting(place: string): boolean;
  /** Lets go of everything that was connected here. */
  close(): Promise<void>;
}

interface Line {
  readonly connecting: Promise<Connection>;
  users: number;
  /** Something failed on it: it is looked at before the next use. */
  isInDoubt: boolean;
  /** Ends the waiting after the last use. */
  linger: AbortController | null;
}

interface Found {
  readonly way: PlaceWay;
  readonly route: PlaceRoute;
}

interface Taken {
  readonly line: Line;
  readonly connection: Connection;
}

/** Puts the ways together; the first that serves a place is taken. */
export function createPlaces(clock: Clock, ways: readonly PlaceWay[]): Places {
  const lines = new Map<string, Line>();
  /** Lines that serve nobody anew. What they connected may be what the share's next line uses too. */
  const forgotten = new Map<string, Set<Line>>();
  /** What is being let go: it must not be found again as one that was there before. */
  const leaving = new Map<string, Promise<void>>();

  const wayTo = (place: string): Found | null => {
    for (const way of ways) {
      const route = way.routeOf(place);
      if (route !== null) return { way, route };
    }
    if (!isAddress(place)) return null;
    // What was typed is not repeated: it may hold a password.
    const detail = 'a place is a folder, or an address like smb://user@server/share';
    throw new BackupError({ code: 'usage', detail });
  };

  const forget = (key: string, line: Line): void => {
    line.linger?.abort();
    lines.delete(key);
    forgotten.set(key, (forgotten.get(key) ?? new Set()).add(line));
  };

  const leaveForgotten = async (key: string): Promise<void> => {
    const gone = leave(leaving.get(key), [...(forgotten.get(key) ?? [])]);
    forgotten.delete(key);
    leaving.set(key, gone);
    await gone;
    if (leaving.get(key) === gone) leaving.delete(key);
  };

  /** A share has one mount, whichever of its lines made it: it goes when none of them is used. */
  const leaveUnused = async (key: string): Promise<void> => {
    const old = [...(forgotten.get(key) ?? [])];
    const isUsed = lines.has(key) || old.some(({ users }) => users > 0);
    if (!isUsed && old.length > 0) await leaveForgotten(key);
  };

  const letGo = async (key: string, line: Line): Promise<void> => {
    if (lines.get(key) !== line) return;
    forget(key, line);
    await leaveUnused(key);
  };

  const release = (key: string, line: Line): void => {
    line.users -= 1;
    if (line.users > 0) return;
    if (lines.get(key) !== line) {
      void leaveUnused(key);
      return;
    }
    const linger = new AbortController();
    line.linger = linger;
    clock.sleep(LINGER_MS, linger.signal).then(
      async () => letGo(key, line),
      () => undefined,
    );
  };

  /** After it a line that is there may be used. */
  const dropDead = async (place: string, { way, route: { key } }: Found): Promise<void> => {
    const line = lines.get(key);
    if (line === undefined || !line.isInDoubt) return;
    // The system may remember a folder for a moment that is no longer connected.
    if ((await way.isConnected(place)) && (await isAlive(line))) line.isInDoubt = false;
    else await letGo(key, line);
  };

  const startLine = (place: string, { way, route }: Found, signal: AbortSignal): Line => {
    const connecting = (leaving.get(route.key) ?? Promise.resolve()).then(async () =>
      way.connect(place, signal),
    );
    const line = { connecting, users: 0, isInDoubt: false, linger: null };
    lines.set(route.key, line);
    return line;
  };

  const take = async (place: string, found: Found, signal: AbortSignal): Promise<Taken> => {
    const { key } = found.route;
    await dropDead(place, found);
    const shared = lines.get(key);
    const line = shared ?? startLine(place, found, signal);
    line.users += 1;
    line.linger?.abort();
    line.linger = null;
    try {
      return { line, connection: await line.connecting };
    } catch (error) {
      line.users -= 1;
      if (lines.get(key) === line) lines.delete(key);
      void leaveUnused(key);
      // Whoever began it has given up; that is no answer for the others.
      if (shared === undefined || signal.aborted || !hasCode(error, 'cancelled')) throw error;
      return take(place, found, signal);
    }
  };

  const doubt = ({ route }: Found): void => {
    const line = lines.get(route.key);
    if (line !== undefined) line.isInDoubt = true;
  };

  const hold: Places['hold'] = async (place, signal) => {
    const found = wayTo(place);
    if (found === null) return { folder: place, [Symbol.asyncDispose]: async () => undefined };
    const { key, root, below } = found.route;
    const { line, connection } = await take(place, found, signal ?? NEVER).catch(
      (error: unknown) => {
        throw namePlace(error, root, place);
      },
    );
    let isHeld = true;
    return {
      folder: join(connection.folder, ...below),
      [Symbol.asyncDispose]: async () => {
        if (isHeld) release(key, line);
        isHeld = false;
      },
    };
  };

  return {
    hold,
    async use(place, signal, use) {
      const found = wayTo(place);
      if (found === null) return use(place);
      await using held = await hold(place, signal);
      const { folder } = held;
      try {
        return await nameFailures(folder, place, async () => use(folder));
      } catch (error) {
        if (mayBeDead(error)) doubt(found);
        throw error;
      }
    },
    doubt(place) {
      const found = wayTo(place);
      if (found !== null) doubt(found);
    },
    async assertConnected(place) {
      const found = wayTo(place);
      if (found === null || (await found.way.isConnected(place))) return;
      doubt(found);
      const detail = 'the connection was lost';
      throw new BackupError({ code: 'place-unreachable', place, detail });
    },
    async sight(place) {
      const found = wayTo(place);
      if (found === null) return place;
      const folder = await found.way.sight(place);
      return folder === null ? null : join(folder, ...found.route.below);
    },
    needsConnecting: (place) => wayTo(place) !== null,
    async close() {
      await Promise.all(
        [...new Set([...lines.keys(), ...forgotten.keys()])].map(async (key) => {
          const line = lines.get(key);
          if (line !== undefined) forget(key, line);
          await leaveForgotten(key);
        }),
      );
    },
  };
}

const mayBeDead = (error: unknown): boolean =>
  !(error instanceof BackupError) ||
  hasCode(error, 'place-missing', 'place-unreachable', 'unexpected');

/** What cannot be let go any more is gone, or is the system's to tidy up. */
async function leave(before: Promise<void> | undefined, lines: readonly Line[]): Promise<void> {
  await before;
  for (const { connecting } of lines) {
    const connection = await connecting.catch(() => null);
    await connection?.disconnect?.().catch(() => undefined);
  }
}

async function isAlive({ connecting }: Line): Promise<boolean> {
  const connection = await connecting.catch(() => null);
  if (connection === null) return false;
  const looking = stat(connection.folder).then(
    (found) => found.isDirectory(),
    () => false,
  );
  return withinTime(ALIVE_WITHIN_MS, looking, false);
}
