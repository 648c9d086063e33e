// What is needed now and then for one plan.
import {
  Menu,
  MenuButton,
  MenuItem,
  MenuList,
  MenuPopover,
  MenuTrigger,
} from '@fluentui/react-components';
import { MoreHorizontal20Regular } from '@fluentui/react-icons';
import { useTranslation } from 'react-i18next';
import { isPaused } from '../../shared/model/plan.ts';
import { useNavigation } from '../route.ts';
import { addDays } from '../ui/use-moment-words.ts';
import type { PlanDetailsProps } from './plan-details.tsx';

const HOUR_MS = 3_600_000;

export function PlanMenu({ overview: { plan, lastRun }, orders, nowMs }: PlanDetailsProps) {
  const { t } = useTranslation('home');
  const { go } = useNavigation();
  return (
    <Menu>
      <MenuTrigger disableButtonEnhancement>
        <MenuButton
          appearance="subtle"
          icon={<MoreHorizontal20Regular />}
          menuIcon={null}
          aria-label={t('more', { plan: plan.name })}
        />
      </MenuTrigger>
      <MenuPopover>
        <MenuList>
          <MenuItem onClick={() => go({ kind: 'bring-back', plan: plan.id })}>
            {t('action.bringBack')}
          </MenuItem>
          <MenuItem onClick={() => go({ kind: 'one-click', plan: plan.id })}>
            {t('oneClick')}
          </MenuItem>
          {isPaused(plan, nowMs) ? (
            <MenuItem onClick={orders.resume}>{t('action.resume')}</MenuItem>
          ) : (
            <>
              <MenuItem onClick={() => orders.pause(nowMs + HOUR_MS)}>
                {t('action.pauseHour')}
              </MenuItem>
              <MenuItem onClick={() => orders.pause(startOfTomorrow(nowMs))}>
                {t('action.pauseTomorrow')}
              </MenuItem>
            </>
          )}
          <MenuItem onClick={() => go({ kind: 'history', run: lastRun?.id ?? null })}>
            {t('action.showHistory')}
          </MenuItem>
          <MenuItem onClick={() => go({ kind: 'settings' })}>{t('action.openSettings')}</MenuItem>
        </MenuList>
      </MenuPopover>
    </Menu>
  );
}

/** Midnight by this computer's clock. */
export function startOfTomorrow(nowMs: number): number {
  return new Date(addDays(nowMs, 1)).setHours(0, 0, 0, 0);
}
