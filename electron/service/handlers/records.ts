// TODO: in work.
import { BackupError } from '../../../shared/model/backup-error.ts';
import type { AgentParts } from '../agent-parts.ts';
import type { Handlers } from '../serve-calls.ts';

const later = async (): Promise<never> => {
  throw new BackupError({ code: 'unexpected', detail: 'not built yet' });
};

export function createRecordsHandlers(
  _parts: AgentParts,
): Pick<Handlers, 'runs' | 'notices' | 'dismissNotice' | 'settings' | 'changeSettings'> {
  return {
    runs: later,
    notices: later,
    dismissNotice: later,
    settings: later,
    changeSettings: later,
  };
}
