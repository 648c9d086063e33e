// The key header: the master key wrapped by the passphrase and by the recovery key (FORMAT.md section 2).
// Pure apart from scrypt; storage and generations are the vault's business.
import {
  createCipheriv,
  createDecipheriv,
  createHash,
  createHmac,
  hkdfSync,
  scrypt,
  timingSafeEqual,
} from 'node:crypto';
import { z } from 'zod';
import type { RandomBytes } from '../../../shared/model/clock.ts';
import { damaged } from '../format/sealed-object.ts';
import type { VaultKeys } from './object-key.ts';

/** 128 MiB for a third of a second on a small PC; FORMAT.md bounds what readers accept. */
export const DEFAULT_SCRYPT_N = 2 ** 17;
const MIN_SCRYPT_N = 2 ** 14;
const MAX_SCRYPT_N = 2 ** 18;
const SCRYPT_R = 8;

const hex = (bytes: number) => z.string().regex(new RegExp(`^[0-9a-f]{${bytes * 2}}$`));
const headerSchema = z.object({
  format: z.literal('holdfast-keys'),
  version: z.literal(1),
  vaultId: hex(16),
  generation: z.number().int().min(1).max(0xffffffff),
  passphrase: z.object({
    kdf: z.literal('scrypt'),
    N: z
      .number()
      .int()
      .min(MIN_SCRYPT_N)
      .max(MAX_SCRYPT_N)
      .refine((n) => Number.isInteger(Math.log2(n))),
    r: z.literal(SCRYPT_R),
    p: z.literal(1),
    salt: hex(32),
    wrapped: hex(48),
  }),
  recovery: z.object({ kdf: z.literal('hkdf-sha256'), salt: hex(32), wrapped: hex(48) }),
});
export type KeyHeader = z.infer<typeof headerSchema>;

/** What opens a vault. */
export type VaultSecret =
  | { readonly kind: 'passphrase'; readonly passphrase: string }
  | { readonly kind: 'recovery-key'; readonly secret: Buffer };

type PassphraseSlot = KeyHeader['passphrase'];
type RecoverySlot = KeyHeader['recovery'];

/** The master key under a passphrase; N is scrypt's cost. */
export async function makePassphraseSlot(
  keys: VaultKeys,
  passphrase: string,
  scryptN: number,
  random: RandomBytes,
): Promise<PassphraseSlot> {
  const salt = Buffer.from(random(32));
  const key = await derivePassphraseKey(passphrase, salt, scryptN);
  const wrapped = wrap(key, keys.master, wrapData(keys.vaultId, 'passphrase'));
  return { kdf: 'scrypt', N: scryptN, r: SCRYPT_R, p: 1, salt: salt.toString('hex'), wrapped };
}

/** The master key under a recovery key of 20 bytes. */
export function makeRecoverySlot(
  keys: VaultKeys,
  secret: Buffer,
  random: RandomBytes,
): RecoverySlot {
  const salt = Buffer.from(random(32));
  const wrapped = wrap(
    deriveRecoveryKey(secret, salt),
    keys.master,
    wrapData(keys.vaultId, 'recovery'),
  );
  return { kdf: 'hkdf-sha256', salt: salt.toString('hex'), wrapped };
}

/** The text of a key header. A slot that does not change is taken over from the generation before. */
export function encodeKeyHeader(
  keys: VaultKeys,
  generation: number,
  passphrase: PassphraseSlot,
  recovery: RecoverySlot,
): Buffer {
  const { vaultId } = keys;
  const header: KeyHeader = {
    format: 'holdfast-keys',
    version: 1,
    vaultId,
    generation,
    passphrase,
    recovery,
  };
  const line = JSON.stringify(header);
  const sum = createHash('sha256').update(line).digest('hex');
  return Buffer.from(`${line}\n${sum}\n${headerMac(keys.master, vaultId, line)}\n`);
}

/** Parses a key header and checks its checksum, not yet its MAC. Throws object-damaged. */
export function decodeKeyHeader(bytes: Buffer, name: string): KeyHeader {
  const [line, sum] = bytes.toString('utf8').split('\n');
  if (line === undefined || createHash('sha256').update(line).digest('hex') !== sum) {
    throw damaged(name, 'checksum of the key header differs');
  }
  try {
    return headerSchema.parse(JSON.parse(line));
  } catch (cause) {
    throw damaged(name, 'key header out of bounds', cause);
  }
}

/** The master key, or null when the secret does not open this header. Throws object-damaged when the MAC differs. */
export async function openKeyHeader(
  bytes: Buffer,
  secret: VaultSecret,
  name: string,
): Promise<Buffer | null> {
  const header = decodeKeyHeader(bytes, name);
  const { vaultId } = header;
  const isPassphrase = secret.kind === 'passphrase';
  const slot = isPassphrase ? header.passphrase : header.recovery;
  const salt = Buffer.from(slot.salt, 'hex');
  const key = isPassphrase
    ? await derivePassphraseKey(secret.passphrase, salt, header.passphrase.N)
    : deriveRecoveryKey(secret.secret, salt);
  const master = unwrap(
    key,
    slot.wrapped,
    wrapData(vaultId, isPassphrase ? 'passphrase' : 'recovery'),
  );
  if (master === null) return null;
  checkMac(bytes, master, vaultId, name);
  return master;
}

/** Throws object-damaged unless who wrote the header had this vault's master key. */
export function checkKeyHeader(bytes: Buffer, keys: VaultKeys, name: string): void {
  const { vaultId } = decodeKeyHeader(bytes, name);
  if (vaultId !== keys.vaultId) throw damaged(name, 'key header of another vault');
  checkMac(bytes, keys.master, vaultId, name);
}

/** 32 bytes from a passphrase: NFKC, UTF-8, scrypt (RFC 7914). */
async function derivePassphraseKey(passphrase: string, salt: Buffer, n: number): Promise<Buffer> {
  const password = Buffer.from(passphrase.normalize('NFKC'), 'utf8');
  const options = { N: n, r: SCRYPT_R, p: 1, maxmem: 256 * n * SCRYPT_R };
  return new Promise((resolve, reject) => {
    scrypt(password, salt, 32, options, (error, key) =>
      error === null ? resolve(key) : reject(error),
    );
  });
}

function deriveRecoveryKey(secret: Buffer, salt: Buffer): Buffer {
  return Buffer.from(hkdfSync('sha256', secret, salt, 'holdfast recovery', 32));
}

function wrapData(vaultId: string, slot: 'passphrase' | 'recovery'): Buffer {
  return Buffer.concat([
    Buffer.from('holdfast wrap'),
    Buffer.from(vaultId, 'hex'),
    Buffer.from(slot),
  ]);
}

function wrap(key: Buffer, master: Buffer, data: Buffer): string {
  const cipher = createCipheriv('aes-256-gcm', key, Buffer.alloc(12));
  cipher.setAAD(data);
  return Buffer.concat([cipher.update(master), cipher.final(), cipher.getAuthTag()]).toString(
    'hex',
  );
}

function unwrap(key: Buffer, wrapped: string, data: Buffer): Buffer | null {
  const bytes = Buffer.from(wrapped, 'hex');
  const decipher = createDecipheriv('aes-256-gcm', key, Buffer.alloc(12));
  decipher.setAAD(data);
  decipher.setAuthTag(bytes.subarray(32));
  const master = decipher.update(bytes.subarray(0, 32));
  try {
    decipher.final();
    return master;
  } catch {
    return null; // not this secret: the caller says so
  }
}

function headerMac(master: Buffer, vaultId: string, line: string): string {
  const key = hkdfSync('sha256', master, Buffer.from(vaultId, 'hex'), 'holdfast header mac', 32);
  return createHmac('sha256', Buffer.from(key)).update(line).digest('hex');
}

function checkMac(bytes: Buffer, master: Buffer, vaultId: string, name: string): void {
  const [line = '', , mac = ''] = bytes.toString('utf8').split('\n');
  const expected = Buffer.from(headerMac(master, vaultId, line));
  const found = Buffer.from(mac);
  if (found.length !== expected.length || !timingSafeEqual(found, expected)) {
    throw damaged(name, 'key header is not authentic');
  }
}
