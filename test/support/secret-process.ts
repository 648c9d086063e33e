/**
 * The keychain in a process of its own. Steps come in on standard input; what is found goes out as a digest, so that
 * neither arguments nor output ever hold the secret.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { connect } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { openKeychainStore } from '../../electron/secrets/keychain-store.ts';
import { createPatientSecretStore } from '../../electron/secrets/patient-secret-store.ts';
import { openSecretStore, type SecretStore } from '../../electron/secrets/secret-store.ts';
import { asId, type VaultId } from '../../shared/model/ids.ts';
import { realClock } from './test-clock.ts';

const stepSchema = z.discriminatedUnion('do', [
  z.strictObject({ do: z.enum(['get', 'getPatiently', 'remove']), vault: z.string() }),
  z.strictObject({ do: z.literal('set'), vault: z.string(), secret: z.string() }),
  /** Unlocks the keyring of this session after a while. */
  z.strictObject({ do: z.literal('unlockLater'), password: z.string(), afterMs: z.int() }),
]);
export type SecretStep = z.infer<typeof stepSchema>;

const keyringScript = fileURLToPath(new URL('./with-keyring.sh', import.meta.url));

export function digestOf(secret: string): string {
  return createHash('sha256').update(secret).digest('hex');
}

export interface SecretRun {
  readonly results: unknown;
  /** All that was printed. */
  readonly output: string;
}

/** Runs steps in a session whose keyrings lie in `keyrings`, unlocked with `password` or, with `''`, locked. */
export function runSecretSteps(
  keyrings: string,
  password: string,
  steps: readonly SecretStep[],
  under: readonly string[] = [],
): SecretRun {
  const own = [...under, process.execPath, fileURLToPath(import.meta.url)];
  const run = spawnSync('bash', [keyringScript, keyrings, password, ...own], {
    encoding: 'utf8',
    input: JSON.stringify(steps),
    timeout: 60_000,
  });
  if (run.status !== 0) throw new Error(`ended with ${run.status}: ${run.stderr}`);
  const lastLine = run.stdout.trim().split('\n').at(-1) ?? '';
  return { results: JSON.parse(lastLine), output: run.stdout + run.stderr };
}

async function runStep(store: SecretStore, step: SecretStep): Promise<unknown> {
  switch (step.do) {
    case 'get':
      return describeAnswer(store, asId(step.vault));
    case 'getPatiently':
      return describeAnswer(createPatientSecretStore(store, realClock), asId(step.vault));
    case 'set':
      return store.set(asId(step.vault), step.secret);
    case 'remove':
      return store.remove(asId(step.vault));
    case 'unlockLater':
      setTimeout(() => unlockKeyring(step.password), step.afterMs);
      return 'done';
  }
}

/** What the sign-in module does: a byte that proves the user, then length, operation 1 and the password. */
function unlockKeyring(password: string): void {
  const secret = Buffer.from(password);
  const head = Buffer.alloc(12);
  [12 + secret.length, 1, secret.length].forEach((value, index) => {
    head.writeUInt32BE(value, index * 4);
  });
  const socket = connect(join(process.env['XDG_RUNTIME_DIR'] ?? '', 'keyring', 'control'));
  socket.write(Buffer.concat([Buffer.of(0), head, secret]));
  socket.on('data', () => socket.end());
}

async function describeAnswer(store: SecretStore, vault: VaultId): Promise<string> {
  const answer = await store.get(vault);
  return answer.kind === 'found' ? digestOf(answer.secret) : answer.kind;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const steps = z.array(stepSchema).parse(JSON.parse(await text(process.stdin)));
  const store = await openSecretStore([async () => openKeychainStore({ clock: realClock })]);
  const results: unknown[] = [store.kind];
  for (const step of steps) results.push(await runStep(store, step));
  console.log(JSON.stringify(results));
}
