// The progress of a run as one line that is rewritten in place: phase, bytes, speed and time left.
import type { Progress } from '../../shared/model/progress.ts';
import { formatBytes, formatSpeed } from '../../shared/text/bytes.ts';
import { formatDuration } from '../../shared/text/durations.ts';
import type { Locale } from '../../shared/text/locale.ts';
import { phaseWords } from '../../shared/text/phase-words.ts';
import { cutToWidth, printable } from './printable.ts';

/** What a terminal shows for `progress`, at most `columns` wide. */
export function formatProgress(progress: Progress, locale: Locale, columns: number): string {
  const { bytesDone, bytesTotal, bytesPerSecond, secondsLeft, subject } = progress;
  const parts = [phaseWords(progress.phase, locale)];
  if (bytesTotal !== null && bytesTotal > 0) {
    const percent = Math.min(100, Math.floor((bytesDone / bytesTotal) * 100));
    parts.push(`${percent} %`);
    parts.push(`${formatBytes(bytesDone, locale)} / ${formatBytes(bytesTotal, locale)}`);
  } else if (bytesDone > 0) {
    parts.push(formatBytes(bytesDone, locale));
  }
  if (bytesDone > 0 && bytesPerSecond > 0) parts.push(formatSpeed(bytesPerSecond, locale));
  if (secondsLeft !== null) parts.push(leftWords(secondsLeft, locale));
  if (subject !== null) parts.push(subject);
  return cutToWidth(printable(parts.join('  ')), columns);
}

function leftWords(seconds: number, locale: Locale): string {
  const duration = formatDuration(Math.ceil(seconds) * 1000, locale);
  return locale === 'en' ? `${duration} left` : `还剩 ${duration}`;
}
