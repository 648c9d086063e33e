// What a person has entered in setup so far. Pure: each change gives a new draft; going back and forth loses nothing.
import type { PlanId } from '../../shared/model/ids.ts';
import { isAddress } from '../../shared/model/place.ts';
import type { KeepRules } from '../../shared/model/keep-rules.ts';
import type { Schedule } from '../../shared/model/schedule.ts';
import { keepRulesOfPreset } from '../ui/keep-presets.ts';
import type { InspectedSource, PlaceTest, Protection } from '../../shared/model/setup.ts';
import { emptyShareForm, isMeantBy, type ShareForm } from './share-form.ts';

export const setupSteps = ['source', 'place', 'schedule', 'protection', 'first-backup'] as const;
export type SetupStep = (typeof setupSteps)[number];

export type DraftSecret =
  | { readonly kind: 'own'; readonly passphrase: string; readonly again: string }
  | { readonly kind: 'made'; readonly passphrase: string }
  | { readonly kind: 'same-as'; readonly plan: PlanId };

export interface AddedPlace {
  readonly path: string;
  readonly test: PlaceTest;
}

export interface SetupDraft {
  readonly step: SetupStep;
  readonly name: string;
  readonly sources: readonly InspectedSource[];
  readonly place: string;
  /** What was typed of a network share; its place is in `place` once it was tested. */
  readonly share: ShareForm;
  /** Of `place` as it stands; null: not tested yet. */
  readonly placeTest: PlaceTest | null;
  /** Tested places besides `place`; each gets a copy of its own. */
  readonly added: readonly AddedPlace[];
  readonly takeTurns: boolean;
  readonly schedule: Schedule;
  readonly keep: KeepRules;
  readonly secret: DraftSecret;
  readonly remember: boolean;
  /** What was made at the end of step 4; from then on nothing before it can be changed here. */
  readonly protection: Protection | null;
  readonly isKitConfirmed: boolean;
}

export type DraftChange =
  | { readonly kind: 'go'; readonly step: SetupStep }
  | { readonly kind: 'add-source'; readonly source: InspectedSource }
  | { readonly kind: 'remove-source'; readonly path: string }
  | { readonly kind: 'place'; readonly place: string }
  | { readonly kind: 'share'; readonly share: ShareForm }
  | { readonly kind: 'place-tested'; readonly place: string; readonly test: PlaceTest }
  /** The place that has passed its test stays, and another one can be chosen. */
  | { readonly kind: 'add-place' }
  | { readonly kind: 'remove-place'; readonly path: string }
  | {
      readonly kind: 'set';
      readonly part: Partial<
        Pick<SetupDraft, 'name' | 'schedule' | 'keep' | 'secret' | 'remember' | 'takeTurns'>
      >;
    }
  | { readonly kind: 'protected'; readonly protection: Protection }
  | { readonly kind: 'kit-confirmed' }
  | { readonly kind: 'begin-anew' };

/** `zone` is this computer's, for the times of day. */
export function emptyDraft(zone: string): SetupDraft {
  return {
    step: 'source',
    name: '',
    sources: [],
    place: '',
    share: emptyShareForm,
    placeTest: null,
    added: [],
    takeTurns: false,
    schedule: {
      kind: 'times',
      timesOfDay: ['12:30', '18:00'],
      days: [1, 2, 3, 4, 5, 6, 7],
      zone,
    },
    keep: keepRulesOfPreset('month'),
    secret: { kind: 'own', passphrase: '', again: '' },
    remember: true,
    protection: null,
    isKitConfirmed: false,
  };
}

export function changeDraft(draft: SetupDraft, change: DraftChange): SetupDraft {
  switch (change.kind) {
    case 'go':
      return { ...draft, step: change.step };
    case 'add-source':
      return addSource(draft, change.source);
    case 'remove-source':
      return {
        ...draft,
        sources: draft.sources.filter(({ path }) => path !== change.path),
        placeTest: null,
      };
    case 'place':
      return { ...draft, place: change.place, placeTest: null };
    case 'share':
      // What was tested was another user or password, or another address.
      return isMeantBy(draft.share, draft.place)
        ? { ...draft, share: change.share, place: '', placeTest: null }
        : { ...draft, share: change.share };
    case 'place-tested':
      // An answer about a place that was changed meanwhile says nothing.
      return change.place === draft.place ? { ...draft, placeTest: change.test } : draft;
    case 'add-place':
      return addPlace(draft);
    case 'remove-place':
      return { ...draft, added: draft.added.filter(({ path }) => path !== change.path) };
    case 'set':
      return { ...draft, ...change.part };
    case 'protected':
      return { ...draft, protection: change.protection };
    case 'kit-confirmed':
      return { ...draft, isKitConfirmed: true };
    case 'begin-anew':
      return emptyDraft(draft.schedule.kind === 'times' ? draft.schedule.zone : 'UTC');
  }
}

function addSource(draft: SetupDraft, source: InspectedSource): SetupDraft {
  if (draft.sources.some(({ path }) => path === source.path)) return draft;
  const name = draft.name === '' ? nameFrom(source.path) : draft.name;
  return { ...draft, name, sources: [...draft.sources, source], placeTest: null };
}

/** It was tested, is good, and is not one of the others already; of shares there may be one. */
export function mayAddPlace({ place, placeTest, added }: SetupDraft): boolean {
  if (placeTest === null || placeTest.failure !== null) return false;
  if (added.some(({ path }) => path === place)) return false;
  return !isAddress(place) || !added.some(({ path }) => isAddress(path));
}

function addPlace(draft: SetupDraft): SetupDraft {
  const { place, placeTest, added } = draft;
  if (placeTest === null || !mayAddPlace(draft)) return draft;
  return {
    ...draft,
    place: '',
    placeTest: null,
    added: [...added, { path: place, test: placeTest }],
  };
}

/** All places of the plan; a share, whose password was typed here, first. */
export function chosenPlaces({ place, added }: SetupDraft): readonly string[] {
  const paths = [...added.map(({ path }) => path), ...(place === '' ? [] : [place])];
  const all = [...new Set(paths)];
  return [...all.filter(isAddress), ...all.filter((path) => !isAddress(path))];
}

/** At the place that has the least room; null: none tells. */
export function leastFreeBytes({ placeTest, added }: SetupDraft): number | null {
  const tests = [...added.map(({ test }) => test), ...(placeTest === null ? [] : [placeTest])];
  const known = tests.flatMap(({ freeBytes }) => (freeBytes === null ? [] : [freeBytes]));
  return known.length === 0 ? null : Math.min(...known);
}

/** Whether somebody would have to begin anew without it, or would never see the recovery key again. */
export function wouldBeLost({
  protection,
  isKitConfirmed,
  sources,
  place,
  share,
  added,
}: SetupDraft): boolean {
  return protection === null
    ? sources.length > 0 || place !== '' || share.address !== '' || added.length > 0
    : !isKitConfirmed;
}

/** `C:\Data\crm.db` -> `crm` */
export function nameFrom(path: string): string {
  const file = path.split(/[/\\]/u).findLast((part) => part !== '') ?? '';
  return file.replace(/\.[^.]{1,8}$/u, '') || file;
}

/** Where the way on leads, or what is missing before it. */
export type StepGate =
  | { readonly kind: 'open' }
  | {
      readonly kind: 'missing';
      readonly what:
        | 'source'
        | 'name'
        | 'place'
        | 'place-test'
        | 'place-failed'
        | 'passphrase'
        | 'passphrase-short'
        | 'passphrase-differs'
        | 'kit-confirmation';
    };

/** Shorter ones are refused: nobody notices a weak passphrase until it is too late. */
export const SHORTEST_PASSPHRASE = 10;

export function gateOf(draft: SetupDraft): StepGate {
  const missing = missingIn(draft);
  return missing === null ? { kind: 'open' } : { kind: 'missing', what: missing };
}

function missingIn(draft: SetupDraft): Extract<StepGate, { kind: 'missing' }>['what'] | null {
  switch (draft.step) {
    case 'source':
      if (draft.sources.length === 0) return 'source';
      return draft.name.trim() === '' ? 'name' : null;
    case 'place':
      if (draft.place === '') return draft.added.length > 0 ? null : 'place';
      if (draft.placeTest === null) return 'place-test';
      return draft.placeTest.failure === null ? null : 'place-failed';
    case 'schedule':
    case 'first-backup':
      return null;
    case 'protection':
      if (draft.protection !== null) return draft.isKitConfirmed ? null : 'kit-confirmation';
      return missingInSecret(draft.secret);
  }
}

function missingInSecret(secret: DraftSecret) {
  if (secret.kind === 'same-as') return null;
  if (secret.passphrase === '') return 'passphrase';
  if (secret.kind === 'made') return null;
  if ([...secret.passphrase].length < SHORTEST_PASSPHRASE) return 'passphrase-short';
  return secret.passphrase === secret.again ? null : 'passphrase-differs';
}

/** The step before or after; null at the ends. */
export function neighbourOf(step: SetupStep, by: -1 | 1): SetupStep | null {
  return setupSteps[setupSteps.indexOf(step) + by] ?? null;
}
