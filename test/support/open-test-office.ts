/** A sample CRM that an in-process agent protects: what tests of bringing something back begin with. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import type { Plan } from '../../shared/model/plan.ts';
import { openTestAgent, type TestAgent, type TestAgentOptions } from './open-test-agent.ts';
import { createSampleCrm } from './sample-crm.ts';

export const HOUR_MS = 3_600_000;

export interface TestOffice {
  readonly agent: TestAgent;
  readonly plan: Plan;
  /** The live database. */
  readonly crm: string;
  /** How each backup read the CRM. */
  readonly methods: readonly string[];
  /** Lets an hour pass and backs up. */
  backUp(): Promise<string>;
  /** A copy of the live database as it is now, made by SQLite itself. */
  copyAside(name: string): string;
}

/** Call inside a test. `sources`: more folders or files below the agent's folder, made by the caller in `prepare`. */
export async function openTestOffice(
  contacts: number,
  prepare: (folder: string) => readonly string[] = () => [],
  options: TestAgentOptions = {},
): Promise<TestOffice> {
  const agent = await openTestAgent(options);
  const place = join(agent.folder, 'usb');
  mkdirSync(place);
  const crm = join(agent.folder, 'crm.db');
  createSampleCrm(crm, { seed: 1, size: { contacts } });
  const { plan } = await agent.call('protect', {
    name: 'Office',
    sources: [crm, ...prepare(agent.folder)],
    place,
    schedule: { kind: 'interval', everyMs: HOUR_MS },
    keep: {},
    secret: { kind: 'passphrase', passphrase: 'lemon-otter-river-amber' },
    remember: true,
  });
  const methods: string[] = [];
  return {
    agent,
    plan,
    crm,
    methods,
    async backUp() {
      await agent.clock.advance(HOUR_MS);
      const { point, sources } = await agent.call('runPlan', { plan: plan.id });
      methods.push(sources[0]?.method ?? '');
      return point;
    },
    copyAside(name) {
      const path = join(agent.folder, name);
      using db = openDatabase(crm);
      db.prepare('VACUUM INTO ?').run(path);
      return path;
    },
  };
}

/** A connection of the test's own. */
export function openDatabase(path: string): Database.Database & Disposable {
  const db = new Database(path, { timeout: 5000 });
  return Object.assign(db, { [Symbol.dispose]: () => void db.close() });
}

/** The first column of all rows. */
export function pluck(path: string, sql: string, ...values: readonly unknown[]): unknown[] {
  using db = openDatabase(path);
  return db
    .prepare(sql)
    .pluck()
    .all(...values);
}
