// What a failed call in a folder means: looks at the disk where the error code alone does not tell.
import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import { dirname } from 'node:path';
import { BackupError } from '../../../shared/model/backup-error.ts';
import { assertPlaceHere, nameOf, type FolderPlace } from './folder-place.ts';
import { errnoOf, explainErrno, isBlocked, isGone } from './storage-failure.ts';

/** What a failed read means; looks whether the place is still there. */
export async function explainRead(
  place: FolderPlace,
  error: unknown,
  path: string,
): Promise<BackupError> {
  if (error instanceof BackupError) return error;
  const object = nameOf(place, path);
  const errno = errnoOf(error);
  if (errno === 'ELOOP' || errno === 'EISDIR') return notAFile(object, error);
  const absence = isGone(error) || errno === 'EIO' ? await explainAbsence(place) : null;
  if (absence !== null) return absence;
  if (isGone(error)) return new BackupError({ code: 'object-missing', object }, error);
  if (errno === 'EIO' && !place.isRemote) {
    // The place answers, so this is a bad sector and not a lost connection.
    const detail = 'the disk cannot read it (EIO)';
    return new BackupError({ code: 'object-damaged', object, detail }, error);
  }
  if (isBlocked(error) && (await isForbidden(path, constants.R_OK))) {
    const detail = `no permission to read ${object}`;
    return new BackupError({ code: 'place-unreachable', place: place.root, detail }, error);
  }
  return explainErrno(error, place.root, path);
}

/** What a failed change of a name in a folder means. */
export async function explainWrite(
  place: FolderPlace,
  error: unknown,
  path: string,
): Promise<BackupError> {
  if (error instanceof BackupError) return error;
  if (isGone(error)) {
    const absence = await explainAbsence(place);
    if (absence !== null) return absence;
  }
  if (isBlocked(error) && (await isReadOnly(dirname(path)))) {
    return new BackupError({ code: 'place-read-only', place: place.root }, error);
  }
  return explainErrno(error, place.root, path);
}

/** True when this user may not write to the folder: no patience will help. */
export async function isReadOnly(folder: string): Promise<boolean> {
  return isForbidden(folder, constants.W_OK);
}

/** Refusal of something that is there but is no regular file or real folder. */
export function notAFile(object: string, cause?: unknown): BackupError {
  const detail = 'a link or special file lies in its place';
  return new BackupError({ code: 'object-damaged', object, detail }, cause);
}

async function explainAbsence(place: FolderPlace): Promise<BackupError | null> {
  try {
    await assertPlaceHere(place);
    return null;
  } catch (error) {
    return explainErrno(error, place.root, place.root);
  }
}

async function isForbidden(path: string, mode: number): Promise<boolean> {
  try {
    await access(path, mode);
    return false;
  } catch (error) {
    return ['EACCES', 'EPERM', 'EROFS'].includes(errnoOf(error) ?? '');
  }
}
