// Names of objects: what may be one, and what is a writer's temporary file.
// Promise: a name that passes here joins to a path below the root on every system, whoever wrote it.
import { BackupError } from '../../../shared/model/backup-error.ts';

const PART = /^[A-Za-z0-9_-][A-Za-z0-9._-]{0,127}$/;
const DEVICE = /^(con|prn|aux|nul|com[0-9]|lpt[0-9])(\.|$)/i;
const TEMPORARY = /^tmp-([A-Za-z0-9]{1,16})-[0-9a-f]{8,32}$/;
const TAG = /^[A-Za-z0-9]{1,16}$/;
const DEEPEST = 8;

/** Tag of temporary files that no writer with an epoch of its own made: `put`, `putExclusive`, `clockMs`. */
export const TAG_OF_NOBODY = '00000000';

/** True for one part of an object's name. Dots at either end and Windows' device names are none. */
export function isNamePart(part: string): boolean {
  return PART.test(part) && !part.endsWith('.') && !DEVICE.test(part) && !part.startsWith('tmp-');
}

/** True for the last part of a temporary name. */
export function isTemporaryPart(part: string): boolean {
  return TEMPORARY.test(part);
}

/** The parts of an object's name; throws object-damaged on what is none. */
export function parseObjectName(name: string): readonly [string, ...string[]] {
  return parseParts(name, isNamePart);
}

/** The parts of a temporary name, as `listTemporary` gives it. */
export function parseTemporaryName(name: string): readonly [string, ...string[]] {
  return parseParts(name, isTemporaryPart);
}

/** The parts of a folder's name; none for `''`. */
export function parseFolderName(folder: string): readonly string[] {
  return folder === '' ? [] : parseParts(folder, isNamePart);
}

/** A temporary part for a tag and 16 hex digits of chance. */
export function temporaryPart(tag: string, chance: Uint8Array): string {
  if (!TAG.test(tag)) throw new RangeError(`not a temporary tag: ${tag.slice(0, 40)}`);
  return `tmp-${tag}-${Buffer.from(chance).toString('hex')}`;
}

function parseParts(
  name: string,
  isLast: (part: string) => boolean,
): readonly [string, ...string[]] {
  const parts = name.split('/');
  const last = parts.pop() ?? '';
  const isName = parts.length < DEEPEST && parts.every(isNamePart) && isLast(last);
  if (!isName) {
    throw new BackupError({
      code: 'object-damaged',
      object: name.slice(0, 200),
      detail: 'not a name of an object',
    });
  }
  const [first, ...rest] = parts;
  return first === undefined ? [last] : [first, ...rest, last];
}
