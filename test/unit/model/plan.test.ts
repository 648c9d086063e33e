import { expect, test } from 'vitest';
import { BackupError } from '../../../shared/model/backup-error.ts';
import { isPaused, parsePlan } from '../../../shared/model/plan.ts';
import { samplePlan } from '../../support/sample-plan.ts';

const [source] = samplePlan.sources;

const refusal = (value: unknown): BackupError => {
  try {
    parsePlan(value);
  } catch (error) {
    if (error instanceof BackupError) return error;
    throw error;
  }
  throw new Error('was accepted');
};

test('a plan survives being written down and read back', () => {
  expect(parsePlan(JSON.parse(JSON.stringify(samplePlan)))).toEqual(samplePlan);
});

test('rules and days that are left out are not set, not guessed', () => {
  const { days: _, ...schedule } = samplePlan.schedule as { days: unknown };
  const plan = parsePlan({
    ...samplePlan,
    schedule,
    keep: { last: 3 },
    places: [{ path: 'D:\\x' }],
  });
  expect(plan.keep).toEqual({ ...samplePlan.keep, last: 3, daily: null, monthly: null });
  expect(plan.schedule).toEqual(samplePlan.schedule);
  expect(plan.places).toEqual([{ path: 'D:\\x', vaultId: null }]);
});

test('places that take turns are named, and a spoilt memory of a volume costs only itself', () => {
  const volume = { id: '1A2B-3C4D', label: 'BLUE', below: 'copies', isRemovable: true };
  const blue = { path: '/media/a/BLUE/copies', name: 'blue', set: 'Disks', volume };
  const { places } = parsePlan({
    ...samplePlan,
    places: [blue, { path: '/media/a/RED/copies', set: 'Disks', volume: { id: 7 } }],
  });
  expect(places[0]).toEqual({ ...blue, vaultId: null });
  expect(places[1]?.volume).toBeUndefined();
});

test.each([
  ['a passphrase in it', { ...samplePlan, passphrase: 'secret' }, 'passphrase'],
  ['a secret in a place', { ...samplePlan, places: [{ path: '/x', password: 'p' }] }, 'places[0]'],
  ['another version', { ...samplePlan, version: 2 }, 'version'],
  ['no name', { ...samplePlan, name: '' }, 'name'],
  ['a name that breaks lines', { ...samplePlan, name: 'a\nb' }, 'name'],
  ['a name of spaces', { ...samplePlan, name: ' ' }, 'name'],
  ['no source', { ...samplePlan, sources: [] }, 'sources'],
  [
    'a relative path',
    { ...samplePlan, sources: [{ ...source, path: 'crm.db' }] },
    'sources[0].path',
  ],
  ['a bad source id', { ...samplePlan, sources: [{ ...source, id: 'x' }] }, 'sources[0].id'],
  ['a source twice', { ...samplePlan, sources: [source, source] }, 'sources: must have each id'],
  [
    'two sources that a restore would mix',
    {
      ...samplePlan,
      sources: [source, { id: '3'.repeat(32), path: '/srv/other/CRM.DB', name: 'CRM.DB' }],
    },
    'sources: must have each name',
  ],
  [
    'a source name that leaves the restore folder',
    { ...samplePlan, sources: [{ ...source, name: '..' }] },
    'sources[0].name',
  ],
  ['no place', { ...samplePlan, places: [] }, 'places'],
  [
    'more places than anybody can look after',
    { ...samplePlan, places: Array.from({ length: 9 }, (_, n) => ({ path: `/mnt/${n}` })) },
    'places: must be at most 8',
  ],
  [
    'two places in one folder',
    { ...samplePlan, places: [{ path: '/mnt/a' }, { path: '/mnt/a', name: 'red' }] },
    'places: must have each path',
  ],
  [
    'two disks of one name',
    {
      ...samplePlan,
      places: [
        { path: '/mnt/a', name: 'Red' },
        { path: '/mnt/b', name: 'red' },
      ],
    },
    'places: must have each name',
  ],
  [
    'a disk and its clone',
    {
      ...samplePlan,
      places: ['/mnt/a', '/mnt/b'].map((path) => ({ path, vaultId: '4'.repeat(32) })),
    },
    'places: must have each copy',
  ],
  [
    'a web address as a place',
    { ...samplePlan, places: [{ path: 'smb://user:pw@server/share' }] },
    'places[0].path',
  ],
  ['no time', { ...samplePlan, schedule: { ...samplePlan.schedule, timesOfDay: [] } }, 'schedule.'],
  [
    'a time that no clock shows',
    { ...samplePlan, schedule: { ...samplePlan.schedule, timesOfDay: ['24:00'] } },
    'schedule.timesOfDay[0]',
  ],
  [
    'a zone that nobody knows',
    { ...samplePlan, schedule: { ...samplePlan.schedule, zone: 'Europe/Nowhere' } },
    'schedule.zone',
  ],
  [
    'an interval of nothing',
    { ...samplePlan, schedule: { kind: 'interval', everyMs: 0 } },
    'everyMs',
  ],
  ['keeping none', { ...samplePlan, keep: { last: 0 } }, 'keep.last'],
  ['keeping a bit', { ...samplePlan, keep: { daily: 1.5 } }, 'keep.daily'],
  ['an unknown rule', { ...samplePlan, keep: { dayly: 7 } }, 'keep'],
  ['no time of creation', { ...samplePlan, createdAtMs: undefined }, 'createdAtMs'],
  ['something else', 'a plan', 'expected object'],
  ['nothing', null, 'expected object'],
])('a plan with %s is refused, and the field is named', (_, value, named) => {
  const { failure } = refusal(value);
  expect(failure.code).toBe('plan-invalid');
  expect('detail' in failure && failure.detail).toContain(named);
});

test('every wrong field is named at once, with the plan', () => {
  const { failure } = refusal({ ...samplePlan, id: '?', createdAtMs: -1 });
  expect(failure).toMatchObject({ plan: samplePlan.name });
  expect('detail' in failure && failure.detail).toMatch(/id: .*; createdAtMs: /u);
});

test('a pause ends by itself at its time, and only then', () => {
  const plan = { ...samplePlan, paused: { untilMs: 1000 } };
  expect([isPaused(plan, 999), isPaused(plan, 1000)]).toEqual([true, false]);
  expect(isPaused({ ...samplePlan, paused: { untilMs: null } }, 1e15)).toBe(true);
  expect(isPaused(samplePlan, 0)).toBe(false);
});
