// `node --import .../register.ts main.js` runs an Electron main process on the stand-in.
import { registerHooks } from 'node:module';

const standIn = new URL('./electron.ts', import.meta.url).href;

registerHooks({
  resolve(specifier, context, next) {
    const isElectron = specifier === 'electron' || specifier === 'electron/main';
    // The stand-in itself imports types only.
    return isElectron ? { url: standIn, shortCircuit: true } : next(specifier, context);
  },
});
