// Where copies go. Only folders so far (local and USB disks, mounted shares); object storage becomes a second kind.
import { z } from 'zod';
import { isHexId, type VaultId } from './ids.ts';

/** A place of a plan. `path` is the vault's own folder, absolute on the computer that runs the plan. */
export interface Place {
  readonly path: string;
  /** The vault that must be found there, recognised by its marker; null until it has been made. */
  readonly vaultId: VaultId | null;
}

/** `/srv/x`, `C:\x`, `C:/x` and `\\server\share`. */
const ABSOLUTE_PATH = /^(?:\/|[A-Za-z]:[\\/]|\\\\[^\\/]+[\\/])/u;

/** An absolute path of any of our systems, without NUL. */
export const absolutePathSchema = z
  .string()
  .regex(ABSOLUTE_PATH, 'must be an absolute path')
  .refine((path) => !path.includes('\0'), 'must not hold NUL');

export const placeSchema = z.strictObject({
  path: absolutePathSchema,
  vaultId: z
    .string()
    .refine(isHexId, 'must be 32 hex digits')
    .transform((id) => id as VaultId)
    .nullable()
    .default(null),
});
