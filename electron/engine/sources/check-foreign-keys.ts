// SQLite's list of references that lead nowhere, in a copy of ours. Many CRMs live with some: it is told, never judged.
import { openConnection } from './descriptors.ts';
import { startTurns, type WorkContext } from './give-way.ts';

export interface ForeignKeyFindings {
  readonly violations: number;
  /** How many in which table, and which table they ask for. */
  readonly tables: readonly {
    readonly table: string;
    readonly parent: string;
    readonly rows: number;
  }[];
}

const BUSY_TIMEOUT_MS = 1_000;

/** Runs `PRAGMA foreign_key_check`; at most `sampleLimit` pairs of tables are named. */
export async function checkForeignKeys(
  path: string,
  sampleLimit: number,
  context: WorkContext,
): Promise<ForeignKeyFindings> {
  using connection = openConnection(path, { isReadOnly: false, busyTimeoutMs: BUSY_TIMEOUT_MS });
  const takeTurns = startTurns(context);
  const pairs = new Map<
    string,
    { readonly table: string; readonly parent: string; rows: number }
  >();
  let violations = 0;
  const statement = connection.database.prepare<[], { table: string; parent: string }>(
    'PRAGMA foreign_key_check',
  );
  for (const { table, parent } of statement.iterate()) {
    violations += 1;
    const name = JSON.stringify([table, parent]);
    const pair = pairs.get(name) ?? { table, parent, rows: 0 };
    pair.rows += 1;
    pairs.set(name, pair);
    await takeTurns();
  }
  const tables = [...pairs.values()].sort((a, b) => b.rows - a.rows).slice(0, sampleLimit);
  return { violations, tables };
}
