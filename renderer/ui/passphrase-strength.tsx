// How hard a passphrase is to guess, by zxcvbn (Wheeler 2016): a bar and a word. Its dictionaries are loaded when first needed.
import { Field, ProgressBar } from '@fluentui/react-components';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';

const levels = ['tooWeak', 'weak', 'fair', 'good', 'strong'] as const;
const colours = ['error', 'error', 'warning', 'success', 'success'] as const;

export function PassphraseStrength({ passphrase }: { readonly passphrase: string }) {
  const { t } = useTranslation('setup');
  const score = useScore(passphrase);
  if (score === null) return null;
  const level = levels[score] ?? 'tooWeak';
  const word = t(`protection.strength.${level}`);
  return (
    <Field label={t('protection.strength.label')} validationState="none" validationMessage={word}>
      <ProgressBar value={(score + 1) / levels.length} color={colours[score] ?? 'error'} />
    </Field>
  );
}

/** 0 to 4; null while nothing is typed or known. */
function useScore(passphrase: string): number | null {
  const [score, setScore] = useState<number | null>(null);
  useEffect(() => {
    let isOver = false;
    if (passphrase === '') setScore(null);
    else {
      void rate(passphrase).then((found) => {
        if (!isOver) setScore(found);
      });
    }
    return () => {
      isOver = true;
    };
  }, [passphrase]);
  return score;
}

let rater: Promise<(passphrase: string) => number> | null = null;

async function rate(passphrase: string): Promise<number> {
  rater ??= loadRater();
  return (await rater)(passphrase);
}

async function loadRater(): Promise<(passphrase: string) => number> {
  const [{ ZxcvbnFactory }, common] = await Promise.all([
    import('@zxcvbn-ts/core'),
    import('@zxcvbn-ts/language-common'),
  ]);
  const factory = new ZxcvbnFactory({
    dictionary: common.dictionary,
    graphs: common.adjacencyGraphs,
  });
  return (passphrase) => factory.check(passphrase).score;
}
