// Where copies go, as one text: the path of a folder (local and USB disks, shares that the session sees), or the address of
// a network share that is connected when it is needed.
import { z } from 'zod';
import { isHexId, type VaultId } from './ids.ts';
import { formatShareAddress, parseShareAddress } from './share-address.ts';

/** A place of a plan. */
export interface Place {
  /** The vault's own folder: absolute on the computer that runs the plan, or an address. */
  readonly path: string;
  /** The vault that must be found there, recognised by its marker; null until it has been made. */
  readonly vaultId: VaultId | null;
  /** What people call it, e.g. what is written on the disk; left out: its path. */
  readonly name?: string | undefined;
  /** Places of one set take turns: what one of them holds counts for all. */
  readonly set?: string | undefined;
  /** Where it lay when it was last seen; finds it again under another letter or folder. */
  readonly volume?: PlaceVolume | undefined;
}

/** The volume of a place, known by what stays when it is plugged in again, here or elsewhere. */
export interface PlaceVolume {
  /** Of its file system, as the system tells it. */
  readonly id: string;
  readonly label: string | null;
  /** The vault's folder below the volume's own, e.g. `copies/Office`; empty: the volume itself. */
  readonly below: string;
  /** It can be pulled out: then it is never looked for on the disk of the system. */
  readonly isRemovable: boolean;
}

/** `/srv/x`, `C:\x`, `C:/x` and `\\server\share`. */
const ABSOLUTE_PATH = /^(?:\/|[A-Za-z]:[\\/]|\\\\[^\\/]+[\\/])/u;

/** An absolute path of any of our systems, without NUL. */
export const absolutePathSchema = z
  .string()
  .regex(ABSOLUTE_PATH, 'must be an absolute path')
  .refine((path) => !path.includes('\0'), 'must not hold NUL');

/** Any text that names a place; an address in its one spelling. */
export const placePathSchema = z.string().transform((text, context) => {
  const path = absolutePathSchema.safeParse(text);
  if (path.success) return path.data;
  const address = parseShareAddress(text);
  if (address !== null) return formatShareAddress(address);
  const message = isAddress(text)
    ? 'must be an address like smb://user@server/share, without a password'
    : 'must be an absolute path or an address like smb://user@server/share';
  context.addIssue({ code: 'custom', message });
  return z.NEVER;
});

const shortTitle = z
  .string()
  .min(1)
  .max(60)
  .refine((text) => text.trim() === text, 'must not begin or end with a space')
  .refine((text) => !/\p{Cc}/u.test(text), 'must not hold control characters');

const volumeSchema = z.object({
  id: z.string().min(1).max(200),
  label: z.string().max(200).nullable(),
  below: z.string().max(4000),
  isRemovable: z.boolean(),
});

export const placeSchema = z.strictObject({
  path: placePathSchema,
  vaultId: z
    .string()
    .refine(isHexId, 'must be 32 hex digits')
    .transform((id) => id as VaultId)
    .nullable()
    .default(null),
  name: shortTitle.optional(),
  set: shortTitle.optional(),
  // Only a memory: whatever is wrong with it, the plan can be used without.
  volume: volumeSchema.optional().catch(undefined),
});

/** True for a place that is no path: it has to be connected before there is a folder. */
export function isAddress(place: string): boolean {
  return /^[a-z][a-z0-9+.-]+:\/\//iu.test(place);
}
