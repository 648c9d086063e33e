// How far a job is: phase, bytes, speed, time left. The bar moves at once; a screen reader hears of it every 10 seconds.
import { makeStyles, ProgressBar, Text, tokens } from '@fluentui/react-components';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Job } from '../../shared/model/job.ts';
import { formatBytes, formatSpeed } from '../../shared/text/bytes.ts';
import { formatDuration } from '../../shared/text/durations.ts';
import { phaseWords } from '../../shared/text/phase-words.ts';
import { useLocale } from '../use-locale.ts';

const SPOKEN_EVERY_MS = 10_000;

const useStyles = makeStyles({
  box: { display: 'flex', flexDirection: 'column', gap: tokens.spacingVerticalXS },
  facts: { color: tokens.colorNeutralForeground2 },
  spoken: {
    position: 'absolute',
    width: '1px',
    height: '1px',
    overflow: 'hidden',
    clipPath: 'inset(50%)',
  },
});

export function JobProgress({ job }: { readonly job: Job }) {
  const styles = useStyles();
  const words = useProgressWords(job);
  const spoken = useSlowly(`${words.phase} ${words.facts}`);
  const { progress } = job;
  const share =
    progress === null || progress.bytesTotal === null || progress.bytesTotal === 0
      ? undefined
      : Math.min(1, progress.bytesDone / progress.bytesTotal);
  return (
    <div className={styles.box}>
      <Text weight="semibold">{words.phase}</Text>
      <ProgressBar
        aria-label={words.phase}
        thickness="large"
        {...(share === undefined ? {} : { value: share })}
      />
      <Text className={styles.facts}>{words.facts}</Text>
      <span className={styles.spoken} aria-live="polite">
        {spoken}
      </span>
    </div>
  );
}

function useProgressWords({ state, progress }: Job): {
  readonly phase: string;
  readonly facts: string;
} {
  const { t } = useTranslation();
  const locale = useLocale();
  if (state === 'stopping') return { phase: t('progress.stopping'), facts: '' };
  if (progress === null) return { phase: t('progress.waiting'), facts: '' };
  const { bytesDone, bytesTotal, bytesPerSecond, secondsLeft } = progress;
  const done = formatBytes(bytesDone, locale);
  const facts = [
    bytesTotal === null
      ? done
      : t('progress.ofTotal', { done, total: formatBytes(bytesTotal, locale) }),
    bytesPerSecond > 0 ? t('progress.speed', { speed: formatSpeed(bytesPerSecond, locale) }) : null,
    secondsLeft === null
      ? null
      : t('progress.left', { time: formatDuration(secondsLeft * 1000, locale) }),
  ];
  return {
    phase: phaseWords(progress.phase, locale),
    facts: facts.filter((fact) => fact !== null).join(' · '),
  };
}

/** The newest text, at most every 10 seconds. */
function useSlowly(text: string): string {
  const [spoken, setSpoken] = useState(text);
  const newest = useRef(text);
  useEffect(() => {
    newest.current = text;
  }, [text]);
  useEffect(() => {
    const timer = setInterval(() => setSpoken(newest.current), SPOKEN_EVERY_MS);
    return () => clearInterval(timer);
  }, []);
  return spoken;
}
