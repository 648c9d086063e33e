/** A sound plan to start from in tests. */
import type { PlanId, SourceId } from '../../shared/model/ids.ts';
import type { Plan } from '../../shared/model/plan.ts';

export const samplePlan: Plan = {
  version: 1,
  id: '11111111111111111111111111111111' as PlanId,
  name: 'Office 办公室',
  sources: [
    {
      id: '22222222222222222222222222222222' as SourceId,
      path: '/srv/crm/crm.db',
      name: 'crm.db',
    },
  ],
  places: [{ path: '/mnt/usb/holdfast', vaultId: null }],
  schedule: {
    kind: 'times',
    timesOfDay: ['12:30', '18:00'],
    days: [1, 2, 3, 4, 5, 6, 7],
    zone: 'Europe/Berlin',
  },
  keep: {
    last: 10,
    withinMs: null,
    hourly: null,
    daily: 30,
    weekly: null,
    monthly: 12,
    yearly: null,
  },
  createdAtMs: 1_763_700_000_000,
  paused: null,
};
