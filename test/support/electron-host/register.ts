// `node --import .../register.ts main.js` runs an Electron main process on the stand-in.
import { registerHooks } from 'node:module';
import type * as Real from 'electron';
import type * as own from './electron.ts';

/** A name that Electron lacks, or another type than Electron's, does not compile. */
null as unknown as typeof own satisfies Pick<typeof Real, keyof typeof own>;

const url = new URL('./electron.ts', import.meta.url).href;
registerHooks({
  resolve: (specifier, context, next) =>
    specifier === 'electron' ? { url, shortCircuit: true } : next(specifier, context),
});
