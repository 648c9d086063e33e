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
  'timed-out': ({ limitMs, isLeft }) =>
    `it was still running after ${formatDuration(limitMs, 'en')} and ${isLeft === true ? 'could not be ended; it may still be running' : 'was ended'}`,
  cancelled: ({ isLeft }) =>
    isLeft === true
      ? 'it could not be ended when the run was cancelled; it may still be running'
      : 'it was ended when the run was cancelled',
  'not-started': ({ detail }) => `it could not be started: ${detail}`,
};

const zh: Words = {
  exited: (end) => (isActionDone(end) ? '运行成功' : `以退出代码 ${end.code} 结束`),
  signalled: ({ signal }) => `被 ${signal} 终止`,
  'timed-out': ({ limitMs, isLeft }) =>
    `${formatDuration(limitMs, 'zh-CN')}后仍未结束，${isLeft === true ? '且无法终止，可能仍在运行' : '已被终止'}`,
  cancelled: ({ isLeft }) =>
    isLeft === true ? '运行被取消时无法终止，可能仍在运行' : '因运行被取消而终止',
  'not-started': ({ detail }) => `无法启动：${detail}`,
};

const table: Readonly<Record<Locale, Words>> = { en, 'zh-CN': zh };

/** How it ended, as part of a sentence. */
export function actionEndWords(end: ActionEnd, locale: Locale): string {
  // One cast: the table's keys say which facts go with which function, a union index cannot.
  return (table[locale][end.kind] as (end: ActionEnd) => string)(end);
}
