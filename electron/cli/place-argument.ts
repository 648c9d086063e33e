// Paths as they are typed on the command line.
import { resolve } from 'node:path';

/** An absolute path; what looks like an address is left for the jobs to refuse. */
export function resolvePlace(cwd: string, text: string): string {
  return /^[a-z][a-z0-9+.-]+:\/\//iu.test(text) ? text : resolve(cwd, text);
}
