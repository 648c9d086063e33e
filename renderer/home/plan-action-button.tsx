// The one button that fits a plan's worst reason; none where nothing needs to be done.
import { Button } from '@fluentui/react-components';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { PlanOverview } from '../../shared/model/overview.ts';
import { useOrder } from '../bridge/use-call.ts';
import { useNavigation } from '../route.ts';
import { UnlockDialog } from '../ui/unlock-dialog.tsx';
import { ConfirmKitDialog } from './confirm-kit-dialog.tsx';
import { actionFor, type ReasonAction } from './reason-action.ts';
import { SharePasswordDialog } from './share-password-dialog.tsx';
import type { PlanOrders } from './use-plan-orders.ts';

const words = {
  'set-up': 'protect',
  'back-up': 'action.backUpNow',
  'restore-test': 'action.restoreTestNow',
  'bring-back': 'action.bringBackNow',
  resume: 'action.resume',
  unlock: 'action.unlock',
  'confirm-kit': 'action.confirmKit',
  'share-password': 'action.sharePassword',
  'look-for-place': 'action.connectPlace',
  'add-place': 'action.addPlace',
  'free-space': 'action.freeSpace',
} as const satisfies Record<ReasonAction['kind'], string>;

type OpenDialog = 'unlock' | 'confirm-kit' | 'share-password';

interface PlanActionButtonProps {
  readonly overview: PlanOverview;
  readonly orders: PlanOrders;
  readonly appearance: 'primary' | 'secondary';
}

export function PlanActionButton({ overview, orders, appearance }: PlanActionButtonProps) {
  const { t } = useTranslation('home');
  const [dialog, setDialog] = useState<OpenDialog | null>(null);
  const act = useAct(overview, orders, setDialog);
  const action = actionFor(overview);
  const { plan } = overview;
  const isRun = action?.kind === 'back-up' || action?.kind === 'restore-test';
  return (
    <>
      {action !== null && (
        <Button
          appearance={appearance}
          disabled={isRun && orders.isBusy}
          onClick={() => act(action)}
        >
          {t(words[action.kind])}
        </Button>
      )}
      {dialog === 'unlock' && <UnlockDialog plan={plan} onClose={() => setDialog(null)} />}
      {dialog === 'share-password' && (
        <SharePasswordDialog
          overview={overview}
          onGiven={() => {
            setDialog(null);
            orders.backUp();
          }}
          onClose={() => setDialog(null)}
        />
      )}
      {dialog === 'confirm-kit' && <ConfirmKitDialog plan={plan} onClose={() => setDialog(null)} />}
    </>
  );
}

function useAct(
  { plan }: PlanOverview,
  orders: PlanOrders,
  openDialog: (dialog: OpenDialog) => void,
): (action: ReasonAction) => void {
  const { go } = useNavigation();
  const cache = useQueryClient();
  const show = useOrder('showInFolder');
  return (action) => {
    switch (action.kind) {
      case 'set-up':
      case 'add-place':
        return go({ kind: 'setup' });
      case 'back-up':
        return orders.backUp();
      case 'restore-test':
        return orders.test();
      case 'bring-back':
        return go({ kind: 'one-click', plan: plan.id });
      case 'resume':
        return orders.resume();
      case 'unlock':
      case 'confirm-kit':
      case 'share-password':
        return openDialog(action.kind);
      case 'look-for-place':
        return void cache.invalidateQueries({ queryKey: ['overview'] });
      case 'free-space':
        return show.mutate({ path: action.place });
    }
  };
}
