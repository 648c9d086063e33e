// Words for every failure, in every language: a title, one sentence of cause with the facts in it, and the one thing
// to do next. Promise: a code without words does not compile. The vocabulary is the product's word list.
import type { Failure, FailureCode } from '../model/failure.ts';
import { failureWordsEn } from './failure-words-en.ts';
import { failureWordsZh } from './failure-words-zh.ts';
import type { Locale } from './locale.ts';
import { placeText } from './place-text.ts';

export interface FailureWords {
  readonly title: string;
  /** One sentence. */
  readonly cause: string;
  readonly nextStep: string;
}

/** For each code, a function from its own facts to its words. */
export type FailureWordsByCode = {
  readonly [Code in FailureCode]: (failure: Extract<Failure, { code: Code }>) => FailureWords;
};

/** All words by language; `failureWords` is the way to use them. */
export const failureWordsByLocale: Readonly<Record<Locale, FailureWordsByCode>> = {
  en: failureWordsEn,
  'zh-CN': failureWordsZh,
};

/** What a person reads about `failure`. */
export function failureWords(failure: Failure, locale: Locale): FailureWords {
  // One cast: the table's keys say which facts go with which function, a union index cannot.
  const words = failureWordsByLocale[locale][failure.code] as
    | ((failure: Failure) => FailureWords)
    | undefined;
  // Written into a restore point or a history by a newer version: the facts are shown as they are.
  return words?.(readable(failure)) ?? unknownWords(failure, locale);
}

/** Addresses are told as people write them, not as they are encoded. */
function readable(failure: Failure): Failure {
  return 'place' in failure ? { ...failure, place: placeText(failure.place) } : failure;
}

function unknownWords(failure: Failure, locale: Locale): FailureWords {
  return failureWordsByLocale[locale].unexpected({
    code: 'unexpected',
    detail: JSON.stringify(failure),
  });
}
