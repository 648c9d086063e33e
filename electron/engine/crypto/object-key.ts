// Each sealed object has a key of its own, derived from the vault's master key (FORMAT.md section 3).
import { hkdfSync } from 'node:crypto';
import { FORMAT_VERSION, kindCode, type ObjectKind } from '../format/sealed-object.ts';

/** The secrets of an open vault. `master` is 32 bytes, `vaultId` 32 hex digits. */
export interface VaultKeys {
  readonly vaultId: string;
  readonly master: Buffer;
}

/** 32 bytes for AES-256-GCM. `id` is 32 hex digits. */
export function deriveObjectKey(keys: VaultKeys, kind: ObjectKind, id: string): Buffer {
  const info = Buffer.alloc(15 + 2 + 1 + 16);
  info.write('holdfast object', 0, 'latin1');
  info.writeUInt16LE(FORMAT_VERSION, 15);
  info.writeUInt8(kindCode(kind), 17);
  info.write(id, 18, 16, 'hex');
  return Buffer.from(hkdfSync('sha256', keys.master, Buffer.from(keys.vaultId, 'hex'), info, 32));
}
