import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { PointId, SourceId } from '../../../shared/model/ids.ts';
import type {
  CopyFact,
  DamageFact,
  DrillFact,
  PairFacts,
  PlaceFacts,
  PlanFacts,
} from '../../../shared/model/plan-facts.ts';
import { planStatus } from '../../../shared/model/plan-status.ts';
import type { Plan } from '../../../shared/model/plan.ts';
import type { StatusKind, StatusReason } from '../../../shared/model/status-reason.ts';
import { locales } from '../../../shared/text/locale.ts';
import { reasonWords, statusTitle } from '../../../shared/text/status-words.ts';
import { samplePlan } from '../../support/sample-plan.ts';

fc.configureGlobal({ seed: Number(process.env['HOLDFAST_SEED'] ?? 1) });

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const GIB = 1024 ** 3;
const now = Date.parse('2026-11-21T12:00:00Z');
const ago = (ms: number): number => now - ms;

const source = samplePlan.sources[0]?.id as SourceId;
const otherSource = '3'.repeat(32) as SourceId;
const usb = '/mnt/usb';
const share = '/mnt/share';

const planEvery = (everyMs: number, extra: Partial<Plan> = {}): Plan => ({
  ...samplePlan,
  places: [{ path: usb, vaultId: null }],
  schedule: { kind: 'interval', everyMs },
  createdAtMs: ago(400 * DAY),
  ...extra,
});
const daily = planEvery(DAY);
const weekly = planEvery(7 * DAY);

const copy = (ageMs: number, extra: Partial<CopyFact> = {}): CopyFact => ({
  point: `p${ageMs}` as PointId,
  takenAtMs: ago(ageMs),
  readBackAtMs: ago(ageMs) + MINUTE,
  ...extra,
});
const drill = (ageMs: number, outcome: DrillFact['outcome'] = 'proved'): DrillFact => ({
  point: 'any' as PointId,
  atMs: ago(ageMs),
  outcome,
});
const damage = (ageMs: number, what: DamageFact['what'] = 'copy'): DamageFact => ({
  point: `p${ageMs}` as PointId,
  takenAtMs: ago(ageMs),
  what,
});
const goodPair: PairFacts = {
  source,
  place: usb,
  copies: [copy(2 * HOUR)],
  drills: [drill(DAY)],
  damage: [],
  isOnOtherDisk: true,
};
const seenAt = (ageMs: number, freeBytes = 400 * GIB): PlaceFacts['seen'] => ({
  atMs: ago(ageMs),
  room: { freeBytes, totalBytes: 1000 * GIB },
});
const good: PlanFacts = {
  pairs: [goodPair],
  places: [{ place: usb, seen: seenAt(2 * HOUR) }],
  kitConfirmedAtMs: ago(300 * DAY),
  keyStore: 'open',
  runningSinceMs: null,
};
const withPair = (pair: Partial<PairFacts>): PlanFacts => ({
  ...good,
  pairs: [{ ...goodPair, ...pair }],
});
const withSeen = (seen: PlaceFacts['seen']): PlanFacts => ({
  ...good,
  places: [{ place: usb, seen }],
});

const twoSources: Plan = {
  ...daily,
  sources: [...daily.sources, { id: otherSource, path: '/srv/crm/mail.db', name: 'mail.db' }],
};
const twoPlaces: Plan = { ...daily, places: [...daily.places, { path: share, vaultId: null }] };
const atShare: PairFacts = { ...goodPair, place: share };
const bothPlaces: PlanFacts = {
  ...good,
  pairs: [goodPair, atShare],
  places: [...good.places, { place: share, seen: seenAt(HOUR) }],
};

/** Two disks that take turns, one of them plugged in at a time. */
const takingTurns: Plan = {
  ...daily,
  places: [
    { path: usb, vaultId: null, name: 'blue', set: 'Disks' },
    { path: share, vaultId: null, name: 'red', set: 'Disks' },
  ],
};
const turns = (blue: Partial<PairFacts>, red: Partial<PairFacts>): PlanFacts => ({
  ...bothPlaces,
  pairs: [
    { ...goodPair, ...blue },
    { ...atShare, ...red },
  ],
});
const inDrawer: Partial<PairFacts> = { copies: [copy(6 * DAY)], drills: [drill(6 * DAY)] };
const noCopy: Partial<PairFacts> = { copies: [], drills: [] };
const setSeen = (blue: PlaceFacts['seen'], red: PlaceFacts['seen']): PlanFacts => ({
  ...turns({}, {}),
  places: [
    { place: usb, seen: blue },
    { place: share, seen: red },
  ],
});
const setAndShare: Plan = {
  ...takingTurns,
  places: [...takingTurns.places, { path: '/srv/copies', vaultId: null }],
};

type Row = readonly [
  what: string,
  plan: Plan,
  facts: PlanFacts,
  kind: StatusKind,
  codes: readonly StatusReason['code'][],
];

const rows: readonly Row[] = [
  ['everything is well', daily, good, 'protected', []],
  [
    'there is no fact at all',
    daily,
    { ...good, pairs: [] },
    'not-protected',
    ['nothing-proved', 'slot-missed', 'only-own-disk'],
  ],
  ['there is no source', { ...daily, sources: [] }, good, 'not-protected', ['plan-empty']],
  [
    'there is no place',
    { ...daily, places: [] },
    good,
    'not-protected',
    ['plan-empty', 'only-own-disk'],
  ],
  [
    'there is no copy',
    daily,
    withPair({ copies: [] }),
    'not-protected',
    ['nothing-proved', 'slot-missed'],
  ],
  [
    'the copy was never read back',
    daily,
    withPair({ copies: [copy(HOUR, { readBackAtMs: null })] }),
    'not-protected',
    ['nothing-proved'],
  ],
  [
    'no restore test was ever made',
    daily,
    withPair({ drills: [] }),
    'not-protected',
    ['nothing-proved'],
  ],
  [
    'a run ended "ok" a second ago, with nothing read back',
    daily,
    withPair({ copies: [copy(1000, { readBackAtMs: null })], drills: [] }),
    'not-protected',
    ['nothing-proved'],
  ],
  [
    'an older copy is proved, the newest not yet',
    daily,
    withPair({ copies: [copy(HOUR, { readBackAtMs: null }), copy(20 * HOUR)] }),
    'protected',
    [],
  ],
  [
    'the proved copy is exactly 72 h old',
    daily,
    withPair({ copies: [copy(HOUR, { readBackAtMs: null }), copy(72 * HOUR)] }),
    'protected',
    [],
  ],
  [
    'the proved copy is over 72 h old',
    daily,
    withPair({ copies: [copy(HOUR, { readBackAtMs: null }), copy(72 * HOUR + 1)] }),
    'not-protected',
    ['proved-too-old'],
  ],
  [
    'an hourly plan has until 72 h too',
    planEvery(HOUR),
    withPair({ copies: [copy(2 * MINUTE, { readBackAtMs: null }), copy(71 * HOUR)] }),
    'protected',
    [],
  ],
  [
    'three weeks are the limit of a weekly plan',
    weekly,
    withPair({
      copies: [copy(HOUR, { readBackAtMs: null }), copy(21 * DAY)],
      drills: [drill(20 * DAY), drill(DAY)],
    }),
    'protected',
    [],
  ],
  [
    'over three weeks are too old for a weekly plan',
    weekly,
    withPair({
      copies: [copy(HOUR, { readBackAtMs: null }), copy(21 * DAY + 1)],
      drills: [drill(20 * DAY), drill(DAY - HOUR)],
    }),
    'not-protected',
    ['proved-too-old'],
  ],
  [
    'the PC was off for five days',
    daily,
    {
      ...withPair({ copies: [copy(5 * DAY)], drills: [drill(5 * DAY)] }),
      places: [{ place: usb, seen: seenAt(5 * DAY) }],
    },
    'not-protected',
    ['proved-too-old', 'slot-missed', 'place-unseen'],
  ],

  [
    'the newest copy is damaged',
    daily,
    withPair({ copies: [copy(HOUR), copy(20 * HOUR)], damage: [damage(HOUR)] }),
    'not-protected',
    ['newest-damaged'],
  ],
  [
    'the only copy is damaged',
    daily,
    withPair({ damage: [damage(2 * HOUR)] }),
    'not-protected',
    ['newest-damaged', 'nothing-proved'],
  ],
  [
    'an old copy is damaged, the newest is proved',
    daily,
    withPair({ copies: [copy(HOUR), copy(20 * HOUR)], damage: [damage(20 * HOUR)] }),
    'protected',
    [],
  ],
  [
    'after damage a copy was taken, but not yet proved',
    daily,
    withPair({
      copies: [copy(HOUR, { readBackAtMs: null }), copy(2 * HOUR), copy(20 * HOUR)],
      damage: [damage(2 * HOUR)],
    }),
    'not-protected',
    ['newest-damaged'],
  ],
  [
    'after damage a copy was taken and proved',
    daily,
    withPair({ copies: [copy(HOUR), copy(2 * HOUR)], damage: [damage(2 * HOUR)] }),
    'protected',
    [],
  ],
  [
    'the database itself was damaged when it was copied',
    daily,
    withPair({ copies: [copy(HOUR), copy(20 * HOUR)], damage: [damage(HOUR, 'source')] }),
    'not-protected',
    ['newest-damaged'],
  ],
  [
    'damage of a point that nobody remembers',
    daily,
    withPair({ damage: [damage(HOUR)] }),
    'not-protected',
    ['newest-damaged'],
  ],

  [
    'the last slot has no copy',
    daily,
    withPair({ copies: [copy(30 * HOUR)] }),
    'attention',
    ['slot-missed'],
  ],
  [
    'a slot is due, but its hour of grace still runs',
    planEvery(6 * HOUR, { createdAtMs: ago(6 * HOUR + 59 * MINUTE) }),
    withPair({ copies: [copy(6 * HOUR + 58 * MINUTE)] }),
    'protected',
    [],
  ],
  [
    'the hour of grace is over',
    planEvery(6 * HOUR, { createdAtMs: ago(7 * HOUR) }),
    withPair({ copies: [copy(6 * HOUR + 58 * MINUTE)] }),
    'attention',
    ['slot-missed'],
  ],
  [
    'the backup of the slot is still running',
    planEvery(6 * HOUR, { createdAtMs: ago(9 * HOUR) }),
    { ...withPair({ copies: [copy(8 * HOUR)] }), runningSinceMs: ago(3 * HOUR) },
    'protected',
    [],
  ],
  [
    'a backup is running since before the slot',
    planEvery(6 * HOUR, { createdAtMs: ago(9 * HOUR) }),
    { ...withPair({ copies: [copy(8 * HOUR)] }), runningSinceMs: ago(3 * HOUR + 1) },
    'attention',
    ['slot-missed'],
  ],
  [
    'a backup hangs for over a day',
    weekly,
    {
      ...withPair({ copies: [copy(8 * DAY)], drills: [drill(6 * DAY)] }),
      runningSinceMs: ago(DAY + 1),
    },
    'attention',
    ['slot-missed'],
  ],
  ['a missed slot was caught up', daily, withPair({ copies: [copy(MINUTE)] }), 'protected', []],
  [
    'the plan is new and its first slot is not due',
    planEvery(DAY, { createdAtMs: ago(3 * HOUR) }),
    good,
    'protected',
    [],
  ],
  [
    'the plan is paused and a slot went by',
    { ...daily, paused: { untilMs: null } },
    withPair({ copies: [copy(30 * HOUR)] }),
    'attention',
    ['slot-missed'],
  ],
  [
    'the plan is paused for an hour between slots',
    { ...daily, paused: { untilMs: now + HOUR } },
    good,
    'protected',
    [],
  ],

  [
    'the last restore test failed',
    daily,
    withPair({ drills: [drill(2 * DAY), drill(HOUR, 'damaged-copy')] }),
    'attention',
    ['restore-test-failed'],
  ],
  [
    'the last restore test could not be made',
    daily,
    withPair({ drills: [drill(2 * DAY), drill(HOUR, 'not-possible')] }),
    'attention',
    ['restore-test-failed'],
  ],
  [
    'restore tests could only compare bytes',
    daily,
    withPair({ drills: [drill(HOUR, 'bytes-only')] }),
    'attention',
    ['bytes-compared-only'],
  ],
  [
    'restore tests could only compare bytes, and the copy is four days old',
    daily,
    withPair({ copies: [copy(4 * DAY)], drills: [drill(4 * DAY, 'bytes-only')] }),
    'not-protected',
    ['proved-too-old', 'slot-missed'],
  ],
  [
    'a test that opened the database came before one that compared bytes',
    daily,
    withPair({ drills: [drill(2 * DAY), drill(HOUR, 'bytes-only')] }),
    'attention',
    ['bytes-compared-only'],
  ],
  [
    'a test that opened the database came after one that compared bytes',
    daily,
    withPair({ drills: [drill(2 * DAY, 'bytes-only'), drill(HOUR)] }),
    'protected',
    [],
  ],
  [
    'the last restore test found damaged data, truly copied',
    daily,
    withPair({ drills: [drill(2 * DAY), drill(HOUR, 'damaged-source')] }),
    'attention',
    ['restore-test-failed'],
  ],
  [
    'only a failed restore test exists',
    daily,
    withPair({ drills: [drill(HOUR, 'damaged-copy')] }),
    'not-protected',
    ['nothing-proved', 'restore-test-failed'],
  ],
  [
    'a restore test failed, then one passed',
    daily,
    withPair({ drills: [drill(HOUR), drill(2 * DAY, 'damaged-copy')] }),
    'protected',
    [],
  ],
  [
    'the last restore test is exactly a week old',
    daily,
    withPair({ copies: [copy(HOUR)], drills: [drill(7 * DAY - HOUR)] }),
    'protected',
    [],
  ],
  [
    'the last restore test is over a week old',
    daily,
    withPair({ copies: [copy(HOUR), copy(DAY)], drills: [drill(7 * DAY + 1)] }),
    'attention',
    ['restore-test-old'],
  ],
  [
    'restore tests stopped so long ago that no fresh copy is proved',
    daily,
    withPair({ copies: [copy(HOUR), copy(DAY), copy(4 * DAY)], drills: [drill(9 * DAY)] }),
    'not-protected',
    ['proved-too-old', 'restore-test-old'],
  ],
  [
    'restore tests stopped two weeks ago',
    daily,
    withPair({ copies: [copy(HOUR), copy(DAY), copy(2 * DAY)], drills: [drill(14 * DAY)] }),
    'not-protected',
    ['nothing-proved', 'restore-test-old'],
  ],

  [
    "the only copy lies on the CRM's own disk",
    daily,
    withPair({ isOnOtherDisk: false }),
    'attention',
    ['only-own-disk'],
  ],
  [
    'nobody knows on which disk the copy lies',
    daily,
    withPair({ isOnOtherDisk: null }),
    'attention',
    ['only-own-disk'],
  ],
  [
    "of disks that take turns only the one beside the CRM's own data holds a copy",
    takingTurns,
    turns({ isOnOtherDisk: false }, { copies: [], drills: [] }),
    'attention',
    ['only-own-disk'],
  ],
  [
    'one of two places is another disk',
    twoPlaces,
    { ...bothPlaces, pairs: [{ ...goodPair, isOnOtherDisk: false }, atShare] },
    'protected',
    [],
  ],
  [
    'one of two places has nothing',
    twoPlaces,
    { ...bothPlaces, pairs: [goodPair] },
    'not-protected',
    ['nothing-proved', 'slot-missed'],
  ],
  [
    'one of two places is too old',
    twoPlaces,
    { ...bothPlaces, pairs: [goodPair, { ...atShare, copies: [copy(4 * DAY)] }] },
    'not-protected',
    ['proved-too-old', 'slot-missed'],
  ],
  [
    'one of two sources has no copy',
    twoSources,
    good,
    'not-protected',
    ['nothing-proved', 'slot-missed', 'only-own-disk'],
  ],
  [
    'both sources are proved',
    twoSources,
    { ...good, pairs: [goodPair, { ...goodPair, source: otherSource }] },
    'protected',
    [],
  ],
  [
    'facts of a place that the plan does not have',
    daily,
    { ...good, pairs: [{ ...goodPair, place: share }] },
    'not-protected',
    ['nothing-proved', 'slot-missed', 'only-own-disk'],
  ],

  [
    'one of two disks that take turns is in a drawer',
    takingTurns,
    turns({}, inDrawer),
    'protected',
    [],
  ],
  ['the other one is', takingTurns, turns(inDrawer, {}), 'protected', []],
  [
    'two disks would have to take turns, but are no set',
    twoPlaces,
    turns({}, inDrawer),
    'not-protected',
    ['proved-too-old', 'slot-missed'],
  ],
  [
    'one of two disks that take turns was never plugged in',
    takingTurns,
    turns({}, noCopy),
    'protected',
    [],
  ],
  [
    'neither of two disks that take turns has a copy',
    takingTurns,
    turns(noCopy, noCopy),
    'not-protected',
    ['nothing-proved', 'slot-missed'],
  ],
  [
    'the newer of two disks is unproved and the proved one is old',
    takingTurns,
    turns({ drills: [] }, inDrawer),
    'not-protected',
    ['proved-too-old'],
  ],
  [
    'both disks that take turns are in a drawer since four days',
    takingTurns,
    turns({ copies: [copy(4 * DAY)] }, inDrawer),
    'not-protected',
    ['proved-too-old', 'slot-missed'],
  ],
  [
    'the newest copy of the set is damaged',
    takingTurns,
    turns({ damage: [damage(2 * HOUR)] }, { copies: [copy(5 * HOUR)] }),
    'not-protected',
    ['newest-damaged'],
  ],
  [
    'an older copy on the disk in the drawer is damaged',
    takingTurns,
    turns({}, { ...inDrawer, damage: [damage(6 * DAY)] }),
    'protected',
    [],
  ],
  [
    'the restore test of the disk in the drawer had failed',
    takingTurns,
    turns({}, { ...inDrawer, drills: [drill(6 * DAY, 'damaged-copy')] }),
    'attention',
    ['restore-test-failed'],
  ],
  [
    'a disk that takes turns was seen six days ago',
    takingTurns,
    setSeen(seenAt(20 * DAY), seenAt(6 * DAY)),
    'protected',
    [],
  ],
  [
    'no disk that takes turns was seen for over seven days',
    takingTurns,
    setSeen(seenAt(20 * DAY), seenAt(7 * DAY + 1)),
    'attention',
    ['set-unseen'],
  ],
  [
    'no disk that takes turns was ever seen',
    takingTurns,
    setSeen(null, null),
    'attention',
    ['set-unseen'],
  ],
  [
    'a disk that takes turns is nearly full',
    takingTurns,
    setSeen(seenAt(HOUR), seenAt(3 * DAY, GIB)),
    'attention',
    ['place-nearly-full'],
  ],
  [
    'a place beside the set has nothing',
    setAndShare,
    {
      ...turns({}, inDrawer),
      places: [...bothPlaces.places, { place: '/srv/copies', seen: seenAt(HOUR) }],
    },
    'not-protected',
    ['nothing-proved', 'slot-missed'],
  ],

  [
    'the recovery kit is not confirmed',
    daily,
    { ...good, kitConfirmedAtMs: null },
    'attention',
    ['kit-not-confirmed'],
  ],
  [
    'the key store is locked',
    daily,
    { ...good, keyStore: 'locked' },
    'attention',
    ['key-store-locked'],
  ],
  [
    'nobody knows whether the key store is open',
    daily,
    { ...good, keyStore: 'unknown' },
    'attention',
    ['key-store-locked'],
  ],
  ['no key store is needed', daily, { ...good, keyStore: 'not-used' }, 'protected', []],
  ['the place was never seen', daily, withSeen(null), 'attention', ['place-unseen']],
  [
    'the place was not seen for over a day',
    daily,
    withSeen(seenAt(25 * HOUR + 1)),
    'attention',
    ['place-unseen'],
  ],
  ['the place was seen a day ago', daily, withSeen(seenAt(25 * HOUR)), 'protected', []],
  [
    'the USB disk of a weekly plan was seen six days ago',
    planEvery(7 * DAY, { createdAtMs: ago(13 * DAY + HOUR) }),
    {
      ...withPair({ copies: [copy(6 * DAY)], drills: [drill(6 * DAY)] }),
      places: [{ place: usb, seen: seenAt(6 * DAY) }],
    },
    'protected',
    [],
  ],
  [
    'the place is nearly full',
    daily,
    withSeen(seenAt(HOUR, 19 * GIB)),
    'attention',
    ['place-nearly-full'],
  ],
  ['a large place has room enough', daily, withSeen(seenAt(HOUR, 21 * GIB)), 'protected', []],
  [
    'a small place is nearly full',
    daily,
    withSeen({ atMs: ago(HOUR), room: { freeBytes: GIB / 4, totalBytes: GIB } }),
    'attention',
    ['place-nearly-full'],
  ],
  [
    'the storage does not tell its room',
    daily,
    withSeen({ atMs: ago(HOUR), room: 'not-told' }),
    'protected',
    [],
  ],

  [
    'the copy is dated a year ahead',
    daily,
    withPair({ copies: [copy(-365 * DAY)] }),
    'not-protected',
    ['nothing-proved', 'slot-missed'],
  ],
  [
    'the restore test is dated a year ahead',
    daily,
    withPair({ drills: [drill(-365 * DAY)] }),
    'not-protected',
    ['nothing-proved'],
  ],
  [
    'the place was seen a year ahead',
    daily,
    withSeen(seenAt(-365 * DAY)),
    'attention',
    ['place-unseen'],
  ],
  [
    'the clocks differ by two minutes',
    daily,
    withPair({ copies: [copy(-2 * MINUTE, { readBackAtMs: now })] }),
    'protected',
    [],
  ],
  [
    'a run that started in the future excuses nothing',
    daily,
    { ...withPair({ copies: [copy(30 * HOUR)] }), runningSinceMs: now + DAY },
    'attention',
    ['slot-missed'],
  ],
  [
    'grave and light reasons come together, grave first',
    daily,
    { ...withPair({ copies: [copy(100 * HOUR)], isOnOtherDisk: false }), kitConfirmedAtMs: null },
    'not-protected',
    ['proved-too-old', 'slot-missed', 'only-own-disk', 'kit-not-confirmed'],
  ],
];

test.each(rows)('when %s, the light says so', (_, plan, facts, kind, codes) => {
  const status = planStatus(plan, facts, now);
  expect({ kind: status.kind, codes: status.reasons.map(({ code }) => code) }).toEqual({
    kind,
    codes,
  });
});

test('the age shown is that of the newest proved copy, per source and place', () => {
  const facts: PlanFacts = {
    ...bothPlaces,
    pairs: [
      {
        ...goodPair,
        copies: [copy(20 * HOUR), copy(3 * HOUR), copy(HOUR, { readBackAtMs: null })],
      },
      { ...atShare, copies: [] },
    ],
  };
  expect(planStatus(twoPlaces, facts, now).proved).toEqual([
    { source, place: usb, point: `p${3 * HOUR}`, takenAtMs: ago(3 * HOUR), ageMs: 3 * HOUR },
    { source, place: share, point: null, takenAtMs: null, ageMs: null },
  ]);
});

test('what is missing from a proof is named', () => {
  const lacks = (pair: Partial<PairFacts>): unknown =>
    planStatus(daily, withPair(pair), now).reasons.find(({ code }) => code === 'nothing-proved');
  expect(lacks({ copies: [] })).toMatchObject({ lacks: 'copy' });
  expect(lacks({ damage: [damage(2 * HOUR)] })).toMatchObject({ lacks: 'copy' });
  expect(lacks({ copies: [copy(1, { readBackAtMs: null })] })).toMatchObject({
    lacks: 'read-back',
  });
  expect(lacks({ drills: [] })).toMatchObject({ lacks: 'restore-test' });
});

test('every reason has words in both languages, with its facts', () => {
  const seen = new Map<string, StatusReason>();
  for (const [, plan, facts] of rows) {
    for (const reason of planStatus(plan, facts, now).reasons) {
      const { code, ...rest } = reason;
      const variant =
        'lacks' in rest
          ? rest.lacks
          : 'outcome' in rest
            ? rest.outcome
            : 'what' in rest
              ? rest.what
              : 'isPaused' in rest
                ? rest.isPaused
                : 'seenAtMs' in rest
                  ? rest.seenAtMs === null
                  : '';
      seen.set(`${code} ${String(variant)}`, reason);
    }
  }
  expect([...seen.keys()].sort()).toHaveLength(22);
  const setting = { nowMs: now, nameOf: () => 'crm.db' };
  for (const reason of seen.values()) {
    const en = reasonWords(reason, 'en', setting);
    const zh = reasonWords(reason, 'zh-CN', setting);
    for (const words of [en, zh]) {
      if ('source' in reason) expect(words.sentence).toContain('crm.db');
      if ('place' in reason) expect(words.sentence).toContain(reason.place);
      expect(words.nextStep).not.toBe('');
      expect(words.sentence).not.toMatch(/undefined|NaN|null/u);
    }
    expect(zh.sentence).toMatch(/\p{Script=Han}.*。$/u);
    expect(zh.nextStep).toMatch(/\p{Script=Han}/u);
    expect(en.sentence).toMatch(/\.$/u);
    expect(en.sentence + en.nextStep).not.toMatch(/\p{Script=Han}/u);
  }
  const titles = locales.flatMap((locale) =>
    (['protected', 'attention', 'not-protected'] as const).map((kind) => statusTitle(kind, locale)),
  );
  expect(new Set(titles).size).toBe(6);
});

const rank: Record<StatusKind, number> = { protected: 2, attention: 1, 'not-protected': 0 };

const wasEverOpened = ({ drills }: PairFacts): boolean =>
  drills.some(({ outcome }) => outcome === 'proved');

const isSet = (plan: Plan): boolean => plan.places.some(({ set }) => set !== undefined);

/** Every way to take one good fact away, or to add one bad one. */
function worsened(facts: PlanFacts, plan: Plan): PlanFacts[] {
  const without = <T>(items: readonly T[], index: number): T[] =>
    items.filter((_, i) => i !== index);
  const pairs = facts.pairs.flatMap((pair, index) => {
    const as = (change: Partial<PairFacts>): PlanFacts => ({
      ...facts,
      pairs: facts.pairs.with(index, { ...pair, ...change }),
    });
    return [
      // All good facts of a pair; bad ones are no less known for that.
      as({
        copies: [],
        drills: pair.drills.filter(
          ({ outcome }) =>
            outcome !== 'proved' && (outcome !== 'bytes-only' || facts.pairs.some(wasEverOpened)),
        ),
        isOnOtherDisk: null,
      }),
      ...(isSet(plan) ? [] : [{ ...facts, pairs: without(facts.pairs, index) }]),
      as({ isOnOtherDisk: null }),
      as({ isOnOtherDisk: false }),
      ...pair.copies.map((_, i) => as({ copies: without(pair.copies, i) })),
      ...pair.copies.map((one, i) =>
        as({ copies: pair.copies.with(i, { ...one, readBackAtMs: null }) }),
      ),
      ...pair.copies.map(({ point, takenAtMs }) =>
        as({ damage: [...pair.damage, { point, takenAtMs, what: 'copy' }] }),
      ),
      ...pair.drills.flatMap((one, i) =>
        // One that could only compare bytes is bad news beside one that opened the copy.
        one.outcome === 'proved' ||
        (one.outcome === 'bytes-only' && !facts.pairs.some(wasEverOpened))
          ? [
              as({ drills: without(pair.drills, i) }),
              as({ drills: pair.drills.with(i, { ...one, outcome: 'damaged-copy' }) }),
            ]
          : [],
      ),
      as({
        drills: [...pair.drills, { point: 'any' as PointId, atMs: now, outcome: 'not-possible' }],
      }),
    ];
  });
  return [
    ...pairs,
    // In a set another member may have been seen; that this one was nearly full stays known.
    ...facts.places.map(({ place, seen }, i) => ({
      ...facts,
      places: isSet(plan)
        ? facts.places.with(i, { place, seen: seen === null ? null : { ...seen, atMs: 0 } })
        : without(facts.places, i),
    })),
    { ...facts, places: plan.places.map(({ path }) => ({ place: path, seen: null })) },
    { ...facts, kitConfirmedAtMs: null },
    { ...facts, keyStore: 'locked' },
    { ...facts, keyStore: 'unknown' },
    { ...facts, runningSinceMs: null },
  ];
}

const past = fc
  .oneof(
    { weight: 3, arbitrary: fc.integer({ min: 0, max: 90 * HOUR }) },
    { weight: 1, arbitrary: fc.integer({ min: 0, max: 30 * DAY }) },
  )
  .map(ago);
const point = fc.constantFrom('a', 'b', 'c').map((id) => id as PointId);
const anyPair: fc.Arbitrary<Omit<PairFacts, 'source' | 'place'>> = fc.record({
  copies: fc.array(
    fc.record({
      point,
      takenAtMs: past,
      readBackAtMs: fc.option(past, { freq: 6 }),
    }),
    { maxLength: 4 },
  ),
  drills: fc.array(
    fc.record({
      point,
      atMs: past,
      outcome: fc.oneof(
        { weight: 5, arbitrary: fc.constant('proved' as const) },
        { weight: 2, arbitrary: fc.constant('bytes-only' as const) },
        { weight: 1, arbitrary: fc.constantFrom('damaged-copy' as const, 'not-possible' as const) },
      ),
    }),
    { maxLength: 3 },
  ),
  damage: fc.oneof(
    { weight: 4, arbitrary: fc.constant([]) },
    {
      weight: 1,
      arbitrary: fc.array(
        fc.record({ point, takenAtMs: past, what: fc.constant('copy' as const) }),
        { maxLength: 1 },
      ),
    },
  ),
  isOnOtherDisk: fc.constantFrom(true, true, true, false, null),
});
const anyPlan = fc
  .record({
    everyMs: fc.constantFrom(HOUR, 12 * HOUR, DAY, 7 * DAY),
    plan: fc.constantFrom(daily, twoSources, twoPlaces, takingTurns, setAndShare),
  })
  .map(({ everyMs, plan }): Plan => ({ ...plan, schedule: { kind: 'interval', everyMs } }));
const anyCase = anyPlan.chain((plan) => {
  const slots = plan.sources.flatMap(({ id }) =>
    plan.places.map(({ path }) => ({ source: id, place: path })),
  );
  return fc.record({
    plan: fc.constant(plan),
    facts: fc.record({
      pairs: fc.tuple(...slots.map((slot) => anyPair.map((pair) => ({ ...pair, ...slot })))),
      places: fc.tuple(
        ...plan.places.map(({ path }) =>
          past.map((atMs) => ({ place: path, seen: { atMs, room: 'not-told' as const } })),
        ),
      ),
      kitConfirmedAtMs: fc.constantFrom(ago(DAY), ago(DAY), null),
      keyStore: fc.constantFrom('open' as const, 'open' as const, 'locked' as const),
      runningSinceMs: fc.option(past),
    }),
  });
});

test('taking a fact away, adding a bad one or letting time pass never makes the light greener', () => {
  const seen = new Set<StatusKind>();
  const falls = { worsened: 0, time: 0 };
  const check = (plan: Plan, facts: PlanFacts): void => {
    const before = planStatus(plan, facts, now).kind;
    seen.add(before);
    for (const worse of worsened(facts, plan)) {
      const after = planStatus(plan, worse, now).kind;
      expect(rank[after]).toBeLessThanOrEqual(rank[before]);
      if (after !== before) falls.worsened += 1;
    }
    let last = before;
    for (const passed of [1, MINUTE, 59 * MINUTE, HOUR, DAY, 3 * DAY, 8 * DAY, 400 * DAY]) {
      const after = planStatus(plan, facts, now + passed).kind;
      expect(rank[after]).toBeLessThanOrEqual(rank[last]);
      if (after !== last) falls.time += 1;
      last = after;
    }
    expect(last).toBe('not-protected');
  };
  for (const [, plan, facts] of rows) {
    const isDatedAhead = JSON.stringify(facts)
      .match(/"(\w+AtMs|\w+SinceMs)":(\d+)/gu)
      ?.some((text) => Number(text.split(':')[1]) > now + 5 * MINUTE);
    if (isDatedAhead !== true) check(plan, facts);
  }
  fc.assert(
    fc.property(anyCase, ({ plan, facts }) => check(plan, facts)),
    { numRuns: 2000 },
  );
  // The property says something only if all lights were on and went out.
  expect([...seen].sort()).toEqual(['attention', 'not-protected', 'protected']);
  expect(falls.worsened).toBeGreaterThan(100);
  expect(falls.time).toBeGreaterThan(100);
});
