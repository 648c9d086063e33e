/** The words of the screens in both languages: nobody reads half a sentence, the wrong language or a hole. */
import { expect, test } from 'vitest';
import { wordsByLocale } from '../../../renderer/text/i18n.ts';
import {
  findBlankEnds,
  findUntranslated,
  placeholdersOf,
  textsOf,
  type WordPair,
} from '../../support/word-pairs.ts';

/** Texts that need not differ, each with its reason. */
const sameInBoth: Readonly<Record<string, string>> = {
  'common.appName': 'a name',
  'settings.about.version': 'a name and a number',
  'settings.general.languages.en': 'a language is offered in itself',
  'settings.general.languages.zh-CN': 'a language is offered in itself',
};

const en = new Map(textsOf(wordsByLocale.en));
const zh = new Map(textsOf(wordsByLocale['zh-CN']));
/** Plural forms that Chinese does not have. */
const singulars = [...en.keys()].filter((path) => path.endsWith('_one'));
const pairs: readonly WordPair[] = [...en]
  .filter(([path]) => !path.endsWith('_one'))
  .map(([where, text]) => ({ where, en: text, zh: zh.get(where) ?? '' }));

/** Nothing but placeholders and signs, such as `{{phase}}, {{percent}} %`: there is nothing to translate. */
const hasWords = (text: string): boolean => /\p{L}/u.test(text.replaceAll(/\{\{[^}]*\}\}/gu, ''));

test('there are words to look at, and each in both languages', () => {
  expect(pairs.length).toBeGreaterThan(500);
  expect([...zh.keys()].sort()).toEqual(pairs.map(({ where }) => where).sort());
});

test('what is filled in one language is filled in in the other', () => {
  for (const { where, en, zh } of pairs) {
    expect(placeholdersOf(zh), where).toEqual(placeholdersOf(en));
  }
});

test('no Chinese screen speaks English, and no English one Chinese', () => {
  const translated = pairs.filter(({ where, en }) => !(where in sameInBoth) && hasWords(en));
  expect(translated.map(findUntranslated).filter((problem) => problem !== null)).toEqual([]);
});

test('the list of what need not be translated names only what is there and is not', () => {
  const untranslated = pairs.filter((pair) => findUntranslated(pair) !== null);
  const stale = Object.keys(sameInBoth).filter(
    (path) => !untranslated.some(({ where }) => where === path),
  );
  expect(stale).toEqual([]);
});

test('one thing and several are both said, with nothing filled in that the other form does not know', () => {
  expect(singulars.length).toBeGreaterThan(10);
  for (const path of singulars) {
    const plural = en.get(path.replace(/_one$/u, '_other'));
    expect(plural, `${path} has no form for several`).toBeDefined();
    const known = placeholdersOf(plural ?? '');
    expect(known, path).toEqual(expect.arrayContaining([...placeholdersOf(en.get(path) ?? '')]));
  }
  for (const path of en.keys()) {
    if (!path.endsWith('_other')) continue;
    expect(en.has(path.replace(/_other$/u, '_one')), `${path} has no form for one`).toBe(true);
  }
});

test('no text is empty, or begins or ends with a blank', () => {
  const all = [...en, ...[...zh].map(([path, text]) => [`zh-CN ${path}`, text] as const)];
  const problems = all.map(([where, text]) => findBlankEnds(where, text));
  expect(problems.filter((problem) => problem !== null)).toEqual([]);
});
