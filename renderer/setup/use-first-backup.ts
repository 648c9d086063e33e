// Carries out the first backup and, when it went well, the first restore test.
import type { CallOutput } from '../../shared/ipc/contract.ts';
import type { PlanId } from '../../shared/model/ids.ts';
import { useOrder } from '../bridge/use-call.ts';
import { useSetupDraft } from './setup-draft-context.tsx';

export interface FirstBackup {
  readonly plan: PlanId | null;
  readonly state: 'before' | 'backing-up' | 'testing' | 'failed' | 'done';
  readonly error: Error | null;
  readonly backup: CallOutput<'runPlan'> | null;
  readonly drill: CallOutput<'drill'> | null;
  begin(): void;
}

export function useFirstBackup(): FirstBackup {
  const { protection } = useSetupDraft().draft;
  const backup = useOrder('runPlan');
  const drill = useOrder('drill');
  const plan = protection?.plan.id ?? null;
  const run = async (of: PlanId): Promise<void> => {
    await backup.mutateAsync({ plan: of });
    await drill.mutateAsync({ plan: of });
  };
  return {
    plan,
    state: stateOf(backup, drill),
    error: backup.error ?? drill.error,
    backup: backup.data ?? null,
    drill: drill.data ?? null,
    begin() {
      drill.reset();
      if (plan !== null) void run(plan).catch(() => undefined); // in `error`
    },
  };
}

type Order = Pick<ReturnType<typeof useOrder>, 'isPending' | 'isError' | 'isSuccess'>;

function stateOf(backup: Order, drill: Order): FirstBackup['state'] {
  if (backup.isPending) return 'backing-up';
  if (drill.isPending) return 'testing';
  if (backup.isError || drill.isError) return 'failed';
  // Between the two orders neither is pending for a moment.
  if (backup.isSuccess) return drill.isSuccess ? 'done' : 'testing';
  return 'before';
}
