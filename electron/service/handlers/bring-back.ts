// TODO: in work.
import { BackupError } from '../../../shared/model/backup-error.ts';
import type { AgentParts } from '../agent-parts.ts';
import type { Handlers } from '../serve-calls.ts';

const later = async (): Promise<never> => {
  throw new BackupError({ code: 'unexpected', detail: 'not built yet' });
};

export function createBringBackHandlers(
  _parts: AgentParts,
): Pick<
  Handlers,
  | 'timeline'
  | 'acknowledgeLoss'
  | 'pointFiles'
  | 'openRows'
  | 'searchRows'
  | 'closeRows'
  | 'previewBringBack'
  | 'bringBack'
  | 'undo'
  | 'oneClick'
> {
  return {
    timeline: later,
    acknowledgeLoss: later,
    pointFiles: later,
    openRows: later,
    searchRows: later,
    closeRows: later,
    previewBringBack: later,
    bringBack: later,
    undo: later,
    oneClick: later,
  };
}
