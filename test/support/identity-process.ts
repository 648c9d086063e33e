/** Prints who it is, then lives until it is killed, or for a minute. */
import { readProcessIdentity } from '../../electron/engine/vault/process-identity.ts';

console.log(JSON.stringify(readProcessIdentity()));
setTimeout(() => undefined, 60_000);
