/** Where the source worker lies when the sources run as they are. */

export const sourceWorkerUrl = new URL(
  '../../electron/engine/sources/source-worker.ts',
  import.meta.url,
);
