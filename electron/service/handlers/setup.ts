// TODO: in work.
import { BackupError } from '../../../shared/model/backup-error.ts';
import type { AgentParts } from '../agent-parts.ts';
import type { Handlers } from '../serve-calls.ts';

const later = async (): Promise<never> => {
  throw new BackupError({ code: 'unexpected', detail: 'not built yet' });
};

export function createSetupHandlers(
  _parts: AgentParts,
): Pick<
  Handlers,
  | 'findSources'
  | 'inspectSource'
  | 'placeCandidates'
  | 'testPlace'
  | 'suggestPassphrase'
  | 'protect'
  | 'confirmKit'
  | 'connect'
  | 'unlock'
  | 'changePassphrase'
  | 'newRecoveryKey'
> {
  return {
    findSources: later,
    inspectSource: later,
    placeCandidates: later,
    testPlace: later,
    suggestPassphrase: later,
    protect: later,
    confirmKit: later,
    connect: later,
    unlock: later,
    changePassphrase: later,
    newRecoveryKey: later,
  };
}
