import { describe, expect, test } from 'vitest';
import {
  pauseUntilMs,
  planTrayMenu,
  type TrayItem,
  type TrayPlan,
} from '../../../electron/shell/plan-tray-menu.ts';
import { asId, type JobId, type PlanId } from '../../../shared/model/ids.ts';
import type { Job } from '../../../shared/model/job.ts';
import type { Overview, PlanOverview } from '../../../shared/model/overview.ts';
import type { PlanStatus, StatusReason } from '../../../shared/model/status-reason.ts';
import { locales } from '../../../shared/text/locale.ts';
import { trayWords } from '../../../shared/text/tray-words.ts';
import { samplePlan } from '../../support/sample-plan.ts';

const nowMs = Date.UTC(2026, 10, 21, 17, 30);
const zone = 'Europe/Berlin';
const en = { locale: 'en', zone, nowMs } as const;
const place = '/mnt/usb';
const source = samplePlan.sources[0]?.id ?? asId('0'.repeat(32));

const reasons: Readonly<Record<PlanStatus['kind'], readonly StatusReason[]>> = {
  protected: [],
  attention: [{ code: 'kit-not-confirmed' }],
  'not-protected': [{ code: 'nothing-proved', source, place, lacks: 'copy' }],
};

function planOf(name: string, kind: PlanStatus['kind'], more: Partial<PlanOverview> = {}) {
  const id = asId<PlanId>(Buffer.from(name.padEnd(16, ' ')).toString('hex'));
  const crm = samplePlan.sources.map((from) => ({
    ...from,
    newestCopyAtMs: nowMs,
    newestProvedAtMs: nowMs - 12 * 60_000,
    lastProvedDrillAtMs: nowMs,
    recoveryMs: 1,
  }));
  const overview: PlanOverview = {
    plan: { ...samplePlan, id, name },
    status: { kind, reasons: reasons[kind], proved: [] },
    sources: crm,
    places: [],
    nextSlotMs: null,
    overdueSinceMs: null,
    lastRun: null,
    days: [],
    ...more,
  };
  return overview;
}

const paused = (plan: PlanOverview, untilMs: number | null): PlanOverview => ({
  ...plan,
  plan: { ...plan.plan, paused: { untilMs } },
});
const overviewOf = (...plans: readonly PlanOverview[]): Overview => ({ nowMs, plans, undos: [] });
const jobOf = (plan: PlanOverview, state: Job['state']): Job => ({
  id: asId<JobId>('3'.repeat(32)),
  kind: 'backup',
  planId: plan.plan.id,
  planName: plan.plan.name,
  origin: 'schedule',
  state,
  startedAtMs: nowMs,
  progress: null,
});

const texts = (items: readonly TrayItem[]): string[] =>
  items.map((item) =>
    item.kind === 'separator' ? '-' : `${item.kind === 'action' ? '' : '#'}${item.text}`,
  );
const shown = (plan: TrayPlan): string => texts(plan.items).join('|');
const office = planOf('Office', 'protected');
const branch = planOf('Branch', 'attention');
const store = planOf('Store', 'not-protected');

const whole = 'Bring something back …|Bring the whole CRM back …|-';
const pauses = 'Pause for 1 hour|Pause until tomorrow';
const end = '-|Open Holdfast|Quit Holdfast';

describe('the menu', () => {
  test.each<readonly [string, Overview | null, readonly Job[], string]>([
    [
      'before anything is known',
      null,
      [],
      '#Holdfast is starting …|-|#Back up now|#Bring something back …|-|Open Holdfast|Quit Holdfast',
    ],
    [
      'without a plan',
      overviewOf(),
      [],
      '#No CRM is protected yet|-|#Back up now|#Bring something back …|-|Open Holdfast|Quit Holdfast',
    ],
    [
      'one plan that is protected',
      overviewOf(office),
      [],
      `#Protected · newest proved copy 12 minutes ago|-|Back up now|${whole}|${pauses}|${end}`,
    ],
    [
      'its backup is running',
      overviewOf(office),
      [jobOf(office, 'running')],
      `#Protected · newest proved copy 12 minutes ago|#Backing up: Office|-|#Back up now|${whole}|${pauses}|${end}`,
    ],
    [
      'its backup waits for its turn',
      overviewOf(office),
      [jobOf(office, 'waiting')],
      `#Protected · newest proved copy 12 minutes ago|-|#Back up now|${whole}|${pauses}|${end}`,
    ],
    [
      'several plans: the worst one speaks, each can be backed up',
      overviewOf(office, branch),
      [],
      `#Attention · Nobody has confirmed yet that the recovery key is kept safe.|-|#Back up now|${whole}|${pauses}|${end}`,
    ],
    [
      'all are paused',
      overviewOf(paused(office, Date.UTC(2026, 10, 21, 23)), paused(store, null)),
      [],
      `#Not protected · There is no good copy of crm.db at /mnt/usb.|#Paused until 2026-11-22 00:00|-|#Back up now|${whole}|Resume|${end}`,
    ],
    [
      'its pause is over: it can be paused again',
      overviewOf(paused(office, nowMs - 1)),
      [],
      `#Protected · newest proved copy 12 minutes ago|-|Back up now|${whole}|${pauses}|${end}`,
    ],
    [
      'one of two is paused',
      overviewOf(office, paused(planOf('Shop', 'protected'), null)),
      [],
      `#Protected · newest proved copy 12 minutes ago|-|#Back up now|${whole}|${pauses}|Resume|${end}`,
    ],
  ])('%s', (_, overview, jobs, expected) => {
    expect(shown(planTrayMenu(overview, jobs, en))).toBe(expected);
  });

  test('with several plans one is chosen, and a plan whose backup runs cannot be', () => {
    const { items } = planTrayMenu(overviewOf(office, branch), [jobOf(branch, 'running')], en);
    const choice = items.find((item) => item.kind === 'choice');
    expect(choice?.items).toEqual([
      { kind: 'action', text: 'Office', action: { kind: 'back-up', plan: office.plan.id } },
      { kind: 'disabled', text: 'Branch' },
    ]);
  });

  test('bringing back names the plan only when there is no other', () => {
    const planOfAction = (overview: Overview) =>
      planTrayMenu(overview, [], en)
        .items.filter((item) => item.kind === 'action')
        .map(({ action }) => action)
        .find((action) => action.kind === 'bring-back')?.plan;
    expect(planOfAction(overviewOf(office))).toBe(office.plan.id);
    expect(planOfAction(overviewOf(office, branch))).toBeNull();
  });
});

describe('the state', () => {
  test.each([
    [overviewOf(office), 'protected'],
    [overviewOf(office, branch), 'attention'],
    [overviewOf(branch, store, office), 'not-protected'],
    [overviewOf(), 'not-protected'],
    [null, 'attention'],
  ] as const)('is never better than the worst plan (%#)', (overview, state) => {
    expect(planTrayMenu(overview, [], en).state).toBe(state);
  });

  test('the age is that of the source that is worst off, and none is said when one has no proved copy', () => {
    const old = planOf('Old', 'protected', {
      sources: office.sources.map((from) => ({ ...from, newestProvedAtMs: nowMs - 7_200_000 })),
    });
    const bare = planOf('Bare', 'protected', {
      sources: office.sources.map((from) => ({ ...from, newestProvedAtMs: null })),
    });
    expect(planTrayMenu(overviewOf(office, old), [], en).toolTip).toContain('2 hours ago');
    expect(planTrayMenu(overviewOf(office, bare), [], en).toolTip).toBe('Holdfast: Protected');
  });
});

test('a tool tip is never longer than Windows shows', () => {
  const long = planOf('x'.repeat(16), 'not-protected', {
    status: {
      kind: 'not-protected',
      reasons: [{ code: 'nothing-proved', source, place: '/p'.repeat(200), lacks: 'copy' }],
      proved: [],
    },
  });
  const { toolTip } = planTrayMenu(overviewOf(long), [jobOf(long, 'running')], en);
  expect(toolTip.length).toBeLessThanOrEqual(127);
});

test('a pause ends an hour later, or when tomorrow begins here, also when the clocks change', () => {
  expect(pauseUntilMs('hour', nowMs, zone)).toBe(nowMs + 3_600_000);
  expect(pauseUntilMs('tomorrow', nowMs, zone)).toBe(Date.UTC(2026, 10, 21, 23));
  const dayOfChange = Date.UTC(2026, 9, 24, 22, 30);
  expect(pauseUntilMs('tomorrow', dayOfChange, zone)).toBe(Date.UTC(2026, 9, 25, 23));
});

test('every word of the tray is there in both languages', () => {
  const flat = (value: unknown): unknown[] =>
    typeof value === 'object' && value !== null ? Object.values(value).flatMap(flat) : [value];
  const said = locales.map((locale) =>
    flat(trayWords[locale]).map((word) => (typeof word === 'function' ? String(word) : word)),
  );
  const [english = [], chinese = []] = said;
  expect(chinese).toHaveLength(english.length);
  for (const [index, word] of english.entries()) {
    expect(word).not.toMatch(/\p{Script=Han}/u);
    expect(chinese[index]).not.toBe(word);
  }
  const menu = planTrayMenu(overviewOf(office, branch), [jobOf(office, 'running')], {
    ...en,
    locale: 'zh-CN',
  });
  for (const text of texts(menu.items)) if (text !== '-') expect(text).toMatch(/\p{Script=Han}/u);
});
