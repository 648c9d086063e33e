// Copies that stay open while a person searches them for records to bring back.
// Promise: few at a time, each gone when it was not used for a while, and all of them at the end; what a crash leaves is
// removed by whoever opens a scratch folder next.
import { BackupError } from '../../shared/model/backup-error.ts';
import type { RowSearchPage, RowSession } from '../../shared/model/bring-back.ts';
import type { PointId, SourceId } from '../../shared/model/ids.ts';
import type { Plan } from '../../shared/model/plan.ts';
import { openScratchFolder } from '../engine/restore/scratch-database.ts';
import type { SearchRowsRequest } from '../engine/sources/search-rows.ts';
import { newId } from '../engine/vault/vault.ts';
import type { Engine } from './engine.ts';
import { fetchRowCopy } from './fetch-row-copy.ts';
import { findPoint } from './find-point.ts';
import { vaultAtPlan } from './plan-place.ts';
import type { JobContext } from './record-run.ts';
import { restoreToolsOf } from './restore-tools-of.ts';
import { scratchPlaceOf } from './scratch-place.ts';
import { useVault } from './use-vault.ts';

/** Each takes the room of a whole database. */
const MOST_SESSIONS = 2;
const IDLE_MS = 15 * 60_000;
/** The copy is ours alone: only its size makes counting long. */
const COUNT_BUDGET_MS = 60_000;
const SEARCH_DEADLINE_MS = 60_000;
/** A person waits for this. */
const SEARCH_PATIENCE_MS = 3_000;

/** Which copy. */
export interface CopyOf {
  readonly plan: Plan['id'];
  readonly point: PointId;
  readonly source: SourceId;
}

export type RowSearch = Pick<
  SearchRowsRequest,
  'table' | 'search' | 'onlyDifferent' | 'offset' | 'limit'
> & { readonly session: string };

export interface RowSessions extends AsyncDisposable {
  /** Fetches the copy, or takes the one that is open. Throws point-damaged, target-full, target-refused. */
  open(plan: Plan, of: Pick<CopyOf, 'point' | 'source'>, context: JobContext): Promise<RowSession>;
  /** Throws usage when it is closed, table-missing, source-busy. */
  search(wish: RowSearch, context: JobContext): Promise<RowSearchPage>;
  close(session: string): Promise<void>;
  /** Lends the path of an open copy, which stays until `use` is done; null: none is open. */
  lend<T>(of: CopyOf, use: (copy: string | null) => Promise<T>): Promise<T>;
}

interface Session extends RowSession {
  readonly of: CopyOf;
  readonly live: string;
  readonly copy: string;
  readonly remove: () => Promise<void>;
  users: number;
  isOver: boolean;
  idle: AbortController;
}

/** What another program holds open goes at the next start (removeDeadScratch); the work with it is done. */
async function removeCopy(session: Session): Promise<void> {
  await session.remove().catch(() => undefined);
}

/** None open yet; they end with the engine. */
export function createRowSessions(engine: Engine): RowSessions {
  const sessions = new Map<string, Session>();
  // One after the other: two fetches at once could fill the disk that each found room on.
  let turn: Promise<unknown> = Promise.resolve();

  const end = async (session: Session): Promise<void> => {
    sessions.delete(session.session);
    session.idle.abort();
    session.isOver = true;
    if (session.users === 0) await removeCopy(session);
  };
  const waitIdle = (session: Session): void => {
    session.idle.abort();
    session.idle = new AbortController();
    // The oldest first in the map: whoever was used goes to its end.
    if (sessions.delete(session.session)) sessions.set(session.session, session);
    const over = async (): Promise<void> => {
      if (session.users === 0) await end(session);
    };
    engine.clock.sleep(IDLE_MS, session.idle.signal).then(over, () => undefined);
  };
  const use = async <T>(session: Session, work: (session: Session) => Promise<T>): Promise<T> => {
    session.users += 1;
    session.idle.abort();
    try {
      return await work(session);
    } finally {
      session.users -= 1;
      if (!session.isOver) waitIdle(session);
      else if (session.users === 0) await removeCopy(session);
    }
  };
  const find = (of: CopyOf): Session | undefined =>
    [...sessions.values()].find(
      (each) =>
        each.of.plan === of.plan && each.of.point === of.point && each.of.source === of.source,
    );
  const openNow = async (plan: Plan, of: CopyOf, context: JobContext): Promise<RowSession> => {
    const known = find(of);
    if (known !== undefined) {
      waitIdle(known);
      return known;
    }
    for (const oldest of sessions.values()) {
      if (sessions.size >= MOST_SESSIONS) await end(oldest);
    }
    const session = await openSession(engine, plan, of, context);
    sessions.set(session.session, session);
    waitIdle(session);
    return session;
  };
  const endAll = async (): Promise<void> => {
    for (const session of sessions.values()) await end(session);
  };
  engine.atEnd(endAll);

  return {
    async open(plan, of, context) {
      const opening = turn.then(async () => openNow(plan, { plan: plan.id, ...of }, context));
      turn = opening.catch(() => undefined);
      const { session, tables } = await opening;
      return { session, tables };
    },
    async search({ session: id, ...wish }, { signal }) {
      const session = sessions.get(id);
      if (session === undefined) {
        throw new BackupError({ code: 'usage', detail: 'this copy is closed; open it again' });
      }
      return use(session, async ({ live, copy }) => {
        const host = await engine.host();
        const input = { ...wish, live, copy, patienceMs: SEARCH_PATIENCE_MS };
        return host.call('searchRows', live, input, { signal, deadlineMs: SEARCH_DEADLINE_MS });
      });
    },
    async close(id) {
      const session = sessions.get(id);
      if (session !== undefined) await end(session);
    },
    async lend(of, work) {
      const session = find(of);
      return session === undefined ? work(null) : use(session, async ({ copy }) => work(copy));
    },
    [Symbol.asyncDispose]: endAll,
  };
}

async function openSession(
  engine: Engine,
  plan: Plan,
  of: CopyOf,
  context: JobContext,
): Promise<Session> {
  return useVault(engine, vaultAtPlan(plan), context, async ({ vault }) => {
    const found = await findPoint(engine, vault, { kind: 'id', id: of.point });
    const source = found.point.sources.find(({ id }) => id === of.source);
    if (source === undefined) {
      throw new BackupError({ code: 'file-missing-in-point', file: of.source, point: of.point });
    }
    const tools = await restoreToolsOf(engine, context);
    const folder = await openScratchFolder(tools, scratchPlaceOf(engine));
    const remove = async (): Promise<void> => folder[Symbol.asyncDispose]();
    try {
      const copy = await fetchRowCopy(tools, { vault, found, source, folder });
      const tables = await tools.host.countTables(copy, COUNT_BUDGET_MS);
      return {
        session: newId(engine.random),
        tables,
        of,
        live: source.path,
        copy,
        remove,
        users: 0,
        isOver: false,
        idle: new AbortController(),
      };
    } catch (error) {
      await remove();
      throw error;
    }
  });
}
