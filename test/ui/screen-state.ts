// One state of one screen, as data: what the agent answers, and how a person gets there. The suite `screens` opens each in a
// real Chromium, in both languages and themes, small and normal, checks it with axe, and takes its picture.
import type { Page } from 'playwright-core';
import type { AppEvent } from '../../shared/ipc/contract.ts';
import type { en } from '../../renderer/text/en/words.ts';
import type { SameKeys } from '../../renderer/text/same-keys.ts';
import type { FakeAnswer } from './fake-bridge.ts';
import type { WindowCallName } from '../../shared/ipc/contract.ts';

/** The moment at which all pictures are taken, so that ages in them stay the same: 10:32 in Berlin. */
export const SCREEN_NOW_MS = Date.UTC(2026, 10, 21, 9, 32);

/** Words of the language that the page speaks, to find buttons by their names. */
export type ScreenWords = SameKeys<typeof en>;

/** Plain data: it goes into the page as JSON. */
export type StillAnswers = {
  readonly [N in WindowCallName]?: Exclude<FakeAnswer<N>, (...args: never[]) => unknown>;
};

export interface ScreenState {
  /** Unique, kebab-case: `home-protected`. Names the picture. */
  readonly name: string;
  readonly answers: StillAnswers;
  /** Told right after the page is up, e.g. running jobs. */
  readonly events?: readonly AppEvent[];
  /** From Home to the state, as a person would: by roles and names. */
  readonly reach?: (page: Page, words: ScreenWords) => Promise<void>;
}
