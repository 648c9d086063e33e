// From what a person wants back to the part of a restore point that it is.
import { BackupError } from '../../shared/model/backup-error.ts';
import type { WhatToBringBack } from '../../shared/model/bring-back.ts';
import type { RestorePoint } from '../../shared/model/restore-point.ts';
import type { RestoreScope } from '../engine/restore/plan-into-folder.ts';

/** Throws file-missing-in-point for a source that the point does not have. */
export function scopeOf(point: RestorePoint, what: WhatToBringBack): RestoreScope {
  if (what.kind === 'everything') return { kind: 'everything' };
  if (!point.sources.some(({ id }) => id === what.source)) {
    throw new BackupError({ code: 'file-missing-in-point', file: what.source, point: point.id });
  }
  return what.kind === 'file'
    ? { kind: 'file', source: what.source, path: what.path }
    : { kind: 'source', source: what.source };
}
