// Changes settings; the answer is shown at once, without waiting for the agent's event.
import { useQueryClient } from '@tanstack/react-query';
import type { Settings } from '../../shared/model/settings.ts';
import { useOrder } from '../bridge/use-call.ts';
import type { Saving } from './settings-section.tsx';

export interface SettingsChange {
  readonly change: (part: Partial<Settings>) => void;
  readonly saving: Saving;
}

export function useChangeSettings(): SettingsChange {
  const cache = useQueryClient();
  const order = useOrder('changeSettings');
  const send = async (part: Partial<Settings>): Promise<void> => {
    cache.setQueryData(['settings', {}], await order.mutateAsync(part));
  };
  // A failure is in `saving`.
  return { change: (part) => void send(part).catch(() => undefined), saving: order };
}
