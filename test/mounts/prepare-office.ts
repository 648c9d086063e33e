/** Builds the trials' program and makes the CRM that they begin with, once for all trials. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { buildOffice } from '../support/mounts/build-office.ts';
import { createSampleCrm, type SampleCrmOptions } from '../support/sample-crm.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** Where `office-program.js` lies. */
    readonly officeFolder: string;
    /** CRMs of about 0.5, 2 and 30 MB that nobody has open. */
    readonly smallCrm: string;
    readonly sampleCrm: string;
    readonly largeCrm: string;
  }
}

/** Vitest calls it before the first test; what it gives back runs after the last one. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const built = await buildOffice();
  // Not under /mnt or /run, which guests have of their own.
  const folder = await mkdtemp(join(tmpdir(), 'holdfast-crm-'));
  const make = (name: string, size: SampleCrmOptions['size']): string => {
    const path = join(folder, `${name}.db`);
    createSampleCrm(path, { seed: 7, size, journalMode: 'delete' });
    return path;
  };
  project.provide('officeFolder', built.folder);
  project.provide('smallCrm', make('small', { contacts: 100 }));
  project.provide('sampleCrm', make('sample', { contacts: 400 }));
  project.provide('largeCrm', make('large', { bytes: 30 << 20 }));
  return async () => {
    await built[Symbol.asyncDispose]();
    await rm(folder, { recursive: true, force: true });
  };
}
