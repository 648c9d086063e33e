// Words for commands around a backup: how one ended.
import { isActionDone, type ActionEnd } from '../model/actions.ts';
import { formatDuration } from './durations.ts';
import type { Locale } from './locale.ts';

type Words = {
  readonly [Kind in ActionEnd['kind']]: (end: Extract<ActionEnd, { kind: Kind }>) => string;
};

const en: Words = {
  exited: (end) => (isActionDone(end) ? 'it succeeded' : `it ended with exit code ${end.code}`),
  signalled: ({ signal }) => `it was ended by ${signal}`,
  'timed-out': ({ limitMs }) =>
    `it was still running after ${formatDuration(limitMs, 'en')} and was ended`,
  cancelled: () => 'it was ended when the run was cancelled',
  'not-started': ({ detail }) => `it could not be started: ${detail}`,
};

const zh: Words = {
  exited: (end) => (isActionDone(end) ? '运行成功' : `以退出代码 ${end.code} 结束`),
  signalled: ({ signal }) => `被 ${signal} 终止`,
  'timed-out': ({ limitMs }) => `${formatDuration(limitMs, 'zh-CN')}后仍未结束，已被终止`,
  cancelled: () => '因运行被取消而终止',
  'not-started': ({ detail }) => `无法启动：${detail}`,
};

const table: Readonly<Record<Locale, Words>> = { en, 'zh-CN': zh };

/** How it ended, as part of a sentence. */
export function actionEndWords(end: ActionEnd, locale: Locale): string {
  // One cast: the table's keys say which facts go with which function, a union index cannot.
  return (table[locale][end.kind] as (end: ActionEnd) => string)(end);
}
