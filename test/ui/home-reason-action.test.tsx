import { describe, expect, test } from 'vitest';
import { actionFor, type ReasonAction } from '../../renderer/home/reason-action.ts';
import type { PlaceOverview } from '../../shared/model/overview.ts';
import type { PointId, SourceId } from '../../shared/model/ids.ts';
import type { StatusReason } from '../../shared/model/status-reason.ts';

const source = '2'.repeat(32) as SourceId;
const point = '4'.repeat(32) as PointId;
const place = 'E:\\Holdfast';
const pair = { source, place } as const;
const here: PlaceOverview = {
  path: place,
  name: null,
  set: null,
  isHere: true,
  unplug: null,
  seenAtMs: 1,
  freeBytes: null,
  totalBytes: null,
};
const away: PlaceOverview = { ...here, isHere: false };

const actionOf = (
  reasons: readonly StatusReason[],
  places: readonly PlaceOverview[] = [here],
): ReasonAction | null => actionFor({ status: { kind: 'attention', reasons, proved: [] }, places });

const table: readonly (readonly [StatusReason, ReasonAction])[] = [
  [{ code: 'plan-empty' }, { kind: 'set-up' }],
  [{ ...pair, code: 'nothing-proved', lacks: 'copy' }, { kind: 'back-up' }],
  [{ ...pair, code: 'nothing-proved', lacks: 'read-back' }, { kind: 'back-up' }],
  [{ ...pair, code: 'nothing-proved', lacks: 'restore-test' }, { kind: 'restore-test' }],
  [{ ...pair, code: 'proved-too-old', takenAtMs: 1, limitMs: 1 }, { kind: 'back-up' }],
  [{ ...pair, code: 'newest-damaged', point, takenAtMs: 1, what: 'copy' }, { kind: 'back-up' }],
  [
    { ...pair, code: 'newest-damaged', point, takenAtMs: 1, what: 'source' },
    { kind: 'bring-back' },
  ],
  [{ ...pair, code: 'slot-missed', slotMs: 1, isPaused: false }, { kind: 'back-up' }],
  [{ ...pair, code: 'slot-missed', slotMs: 1, isPaused: true }, { kind: 'resume' }],
  [
    { ...pair, code: 'restore-test-failed', atMs: 1, outcome: 'not-possible' },
    { kind: 'restore-test' },
  ],
  [{ ...pair, code: 'restore-test-old', atMs: 1 }, { kind: 'restore-test' }],
  [{ code: 'only-own-disk', source }, { kind: 'add-place' }],
  [{ code: 'kit-not-confirmed' }, { kind: 'confirm-kit' }],
  [{ code: 'key-store-locked' }, { kind: 'unlock' }],
  [{ code: 'place-unseen', place, seenAtMs: null }, { kind: 'back-up' }],
  [{ code: 'set-unseen', set: 'Disks', seenAtMs: null }, { kind: 'look-for-place' }],
  [
    { code: 'place-nearly-full', place, freeBytes: 1, totalBytes: 100 },
    { kind: 'free-space', place },
  ],
];

describe('the one action that a light offers', () => {
  test.each(table.map(([reason, action]) => [reason.code, reason, action] as const))(
    '%s',
    (_, reason, action) => expect(actionOf([reason])).toEqual(action),
  );

  test('none where nothing is wrong', () => expect(actionOf([])).toBeNull());

  test('is that of the worst reason', () =>
    expect(actionOf([{ code: 'kit-not-confirmed' }, { code: 'only-own-disk', source }])).toEqual({
      kind: 'confirm-kit',
    }));

  test('asks for the place before a backup that could not be made without it', () => {
    expect(actionOf([{ ...pair, code: 'restore-test-old', atMs: 1 }], [away])).toEqual({
      kind: 'look-for-place',
    });
    expect(actionOf([{ code: 'place-unseen', place, seenAtMs: 1 }], [away])).toEqual({
      kind: 'look-for-place',
    });
  });

  test('asks for the passphrase before a backup that could not be made without it', () =>
    expect(
      actionOf([
        { ...pair, code: 'slot-missed', slotMs: 1, isPaused: false },
        { code: 'key-store-locked' },
      ]),
    ).toEqual({ kind: 'unlock' }));
});
