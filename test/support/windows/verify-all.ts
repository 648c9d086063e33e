/** A check of every byte in a test engine's vault, which is opened anew for it. */
import { verifyVault, type VerifyReport } from '../../../electron/engine/verify/verify-vault.ts';
import type { TestEngine } from '../test-engine.ts';

export async function verifyAll(engine: TestEngine): Promise<VerifyReport> {
  const { pool } = engine;
  const signal = new AbortController().signal;
  const vault = await engine.openAgain();
  return verifyVault({ vault, pool, depth: 'data', onProgress: () => undefined, signal });
}
