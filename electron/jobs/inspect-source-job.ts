// What a path is, for somebody who is about to protect it. Looks through the source worker, never at the file itself.
import { realpath } from 'node:fs/promises';
import type { Plan } from '../../shared/model/plan.ts';
import type { InspectedSource } from '../../shared/model/setup.ts';
import type { SourceHost } from '../engine/sources/source-host.ts';
import type { Engine } from './engine.ts';
import { listAllPlans } from './find-plan.ts';
import { walkBounded } from './walk-bounded.ts';

/** A screen waits for this. */
const FOLDER_BOUNDS = { depth: 12, entries: 50_000, ms: 2000 } as const;

/** Throws source-missing, source-unreadable, source-unsupported. */
export async function inspectSourceJob(engine: Engine, path: string): Promise<InspectedSource> {
  const host = await engine.host();
  const found = await host.inspect(path);
  const isFolder = found.kind === 'folder';
  return {
    path: found.path,
    kind: found.kind,
    format: found.format,
    bytes: isFolder ? await sizeOfFolder(engine, host, found.path) : found.bytes,
    isEncrypted: found.encrypted,
    tables: found.tables,
    heldBy: found.heldBy,
    lock: found.lock,
    companions: found.companions,
    isCutShort: found.isCutShort,
    detail: found.detail,
    protectedBy: await findProtector(engine, found.path),
  };
}

/** As far as it could be counted in time. */
async function sizeOfFolder(engine: Engine, host: SourceHost, path: string): Promise<number> {
  let bytes = 0;
  const walk = { host, clock: engine.clock, bounds: FOLDER_BOUNDS, isSkipped: () => false };
  for await (const { items } of walkBounded(walk, [{ path, depth: FOLDER_BOUNDS.depth }])) {
    for (const item of items) if (item.kind === 'file') bytes += item.size;
  }
  return bytes;
}

async function findProtector(
  engine: Engine,
  path: string,
): Promise<InspectedSource['protectedBy']> {
  for (const plan of await listAllPlans(engine)) {
    if (await protects(plan, path)) return { plan: plan.id, name: plan.name };
  }
  return null;
}

async function protects(plan: Plan, path: string): Promise<boolean> {
  for (const source of plan.sources) {
    const resolved = await realpath(source.path).catch(() => source.path);
    if (resolved === path) return true;
  }
  return false;
}
