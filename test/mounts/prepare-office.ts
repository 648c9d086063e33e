/** Builds the trials' program and makes the CRM that they begin with, once for all trials. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { buildOffice } from '../support/mounts/build-office.ts';
import { createSampleCrm } from '../support/sample-crm.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** Where `office-program.js` lies. */
    readonly officeFolder: string;
    /** A CRM of about 2 MB that nobody has open, and one of about 30 MB. */
    readonly sampleCrm: string;
    readonly largeCrm: string;
  }
}

/** Vitest calls it before the first test; what it gives back runs after the last one. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const built = await buildOffice();
  // Not under /mnt or /run, which guests have of their own.
  const folder = await mkdtemp(join(tmpdir(), 'holdfast-crm-'));
  const [small, large] = [join(folder, 'small.db'), join(folder, 'large.db')];
  createSampleCrm(small, { seed: 7, size: { contacts: 400 }, journalMode: 'delete' });
  createSampleCrm(large, { seed: 8, size: { bytes: 30 << 20 }, journalMode: 'delete' });
  project.provide('officeFolder', built.folder);
  project.provide('sampleCrm', small);
  project.provide('largeCrm', large);
  return async () => {
    await built[Symbol.asyncDispose]();
    await rm(folder, { recursive: true, force: true });
  };
}
