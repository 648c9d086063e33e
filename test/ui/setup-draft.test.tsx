// What a person typed in setup survives going back and forth, and nothing unsound goes on.
import { describe, expect, test } from 'vitest';
import {
  changeDraft,
  chosenPlaces,
  emptyDraft,
  gateOf,
  leastFreeBytes,
  mayAddPlace,
  nameFrom,
  neighbourOf,
  setupSteps,
  wouldBeLost,
  type DraftChange,
  type SetupDraft,
} from '../../renderer/setup/setup-draft.ts';
import { goodPlace, sampleProtection, sampleSource } from './states/sample-answers.ts';

const draftAfter = (...changes: DraftChange[]): SetupDraft =>
  changes.reduce(changeDraft, emptyDraft('Europe/Berlin'));
const source: DraftChange = { kind: 'add-source', source: sampleSource };
const place: DraftChange = { kind: 'place', place: 'E:\\' };
const tested: DraftChange = { kind: 'place-tested', place: 'E:\\', test: goodPlace };
const made: DraftChange = { kind: 'protected', protection: sampleProtection };
const go = (step: SetupDraft['step']): DraftChange => ({ kind: 'go', step });
const own = (passphrase: string, again: string): DraftChange => ({
  kind: 'set',
  part: { secret: { kind: 'own', passphrase, again } },
});

describe('the way on', () => {
  const failed: DraftChange = {
    kind: 'place-tested',
    place: 'E:\\',
    test: { ...goodPlace, failure: { code: 'place-read-only', place: 'E:\\' } },
  };
  test.each<[string, DraftChange[], string]>([
    ['no source', [], 'source'],
    ['source without a name', [source, { kind: 'set', part: { name: ' ' } }], 'name'],
    ['source', [source], 'open'],
    ['no place', [go('place')], 'place'],
    ['place not tested', [place, go('place')], 'place-test'],
    ['place tested and bad', [place, failed, go('place')], 'place-failed'],
    ['place tested', [place, tested, go('place')], 'open'],
    [
      'place changed after its test',
      [place, tested, { kind: 'place', place: 'F:\\' }, go('place')],
      'place-test',
    ],
    [
      'answer about another place',
      [{ kind: 'place', place: 'F:\\' }, tested, go('place')],
      'place-test',
    ],
    ['source added after the test', [place, tested, source, go('place')], 'place-test'],
    ['schedule', [go('schedule')], 'open'],
    ['no passphrase', [go('protection')], 'passphrase'],
    ['short passphrase', [own('ninechars', 'ninechars'), go('protection')], 'passphrase-short'],
    [
      'passphrase typed otherwise',
      [own('ten letters', 'ten lettres'), go('protection')],
      'passphrase-differs',
    ],
    ['passphrase', [own('ten letters', 'ten letters'), go('protection')], 'open'],
    [
      'ten Chinese characters',
      [own('我们的客户数据很重要', '我们的客户数据很重要'), go('protection')],
      'open',
    ],
    ['kit not confirmed', [made, go('protection')], 'kit-confirmation'],
    ['kit confirmed', [made, { kind: 'kit-confirmed' }, go('protection')], 'open'],
  ])('%s', (_, changes, expected) => {
    const gate = gateOf(draftAfter(...changes));
    expect(gate.kind === 'open' ? 'open' : gate.what).toBe(expected);
  });
});

test('going back keeps everything that was entered', () => {
  const before = draftAfter(source, place, tested, own('a', 'b'), go('protection'));
  const there = [go('place'), go('source'), go('protection')].reduce(changeDraft, before);
  expect(there).toEqual(before);
});

test('the same file twice is one source; the name comes from the first', () => {
  const draft = draftAfter(source, source);
  expect(draft.sources).toHaveLength(1);
  expect(draft.name).toBe('kunden');
});

test.each([
  ['C:\\Data\\crm.v2.db', 'crm.v2'],
  ['/srv/客户.sqlite3', '客户'],
  ['/srv/Attachments/', 'Attachments'],
  ['/srv/.db', '.db'],
])('a plan for %s is called %s', (path, name) => expect(nameFrom(path)).toBe(name));

describe('several places', () => {
  const addPlace: DraftChange = { kind: 'add-place' };
  const second: DraftChange[] = [
    { kind: 'place', place: 'F:\\' },
    { kind: 'place-tested', place: 'F:\\', test: { ...goodPlace, freeBytes: 5 } },
  ];

  test('a tested place is kept and another one can be chosen; the way on is open without one', () => {
    const one = draftAfter(source, place, tested, addPlace, go('place'));
    expect(one).toMatchObject({ place: '', placeTest: null });
    expect(gateOf(one)).toEqual({ kind: 'open' });
    const both = second.reduce(changeDraft, one);
    expect(chosenPlaces(both)).toEqual(['E:\\', 'F:\\']);
    expect(leastFreeBytes(both)).toBe(5);
    const removed = changeDraft(both, { kind: 'remove-place', path: 'E:\\' });
    expect(chosenPlaces(removed)).toEqual(['F:\\']);
  });

  test('one that was not tested, failed or is there already is not added', () => {
    expect(changeDraft(draftAfter(place), addPlace).added).toEqual([]);
    const failed = { ...goodPlace, failure: { code: 'place-read-only', place: 'E:\\' } } as const;
    const bad = draftAfter(place, { kind: 'place-tested', place: 'E:\\', test: failed });
    expect(changeDraft(bad, addPlace).added).toEqual([]);
    const twice = draftAfter(place, tested, addPlace, place, tested);
    expect(mayAddPlace(twice)).toBe(false);
    expect(chosenPlaces(twice)).toEqual(['E:\\']);
  });

  test('a second place that fails its test holds the way on', () => {
    const typed = draftAfter(
      place,
      tested,
      addPlace,
      { kind: 'place', place: 'G:\\' },
      go('place'),
    );
    expect(gateOf(typed)).toEqual({ kind: 'missing', what: 'place-test' });
  });

  test('a share comes first, and there is one', () => {
    const share = (path: string): DraftChange[] => [
      { kind: 'place', place: path },
      { kind: 'place-tested', place: path, test: goodPlace },
    ];
    const draft = draftAfter(place, tested, addPlace, ...share('smb://nas/a'), addPlace);
    expect(chosenPlaces(draft)).toEqual(['smb://nas/a', 'E:\\']);
    expect(mayAddPlace(share('smb://nas/b').reduce(changeDraft, draft))).toBe(false);
  });
});

test.each<[string, DraftChange[], boolean]>([
  ['nothing yet', [], false],
  ['a place that was added', [place, tested, { kind: 'add-place' }], true],
  ['a file', [source], true],
  ['a place', [place], true],
  ['a key that nobody has yet', [source, made], true],
  ['a plan that is made, its key kept', [source, made, { kind: 'kit-confirmed' }], false],
])('a draft with %s would be lost: %s', (_, changes, lost) =>
  expect(wouldBeLost(draftAfter(...changes))).toBe(lost),
);

test('steps follow each other and end', () => {
  expect(neighbourOf('source', -1)).toBeNull();
  expect(neighbourOf('first-backup', 1)).toBeNull();
  const walked = [setupSteps[0]] as SetupDraft['step'][];
  for (let next = neighbourOf('source', 1); next !== null; next = neighbourOf(next, 1))
    walked.push(next);
  expect(walked).toEqual(setupSteps);
});
