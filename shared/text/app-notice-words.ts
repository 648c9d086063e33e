// Words for what needs the user: a title of a few words and one or two sentences that say what to do.
// Promise: a notice without words does not compile.
import type { AppNoticeFact } from '../model/app-notice.ts';
import { failureWords } from './failure-words.ts';
import type { Locale } from './locale.ts';
import { formatMoment } from './moments.ts';
import { noticeWords } from './notice-words.ts';

export interface AppNoticeWords {
  readonly title: string;
  readonly body: string;
}

type WordsByKind = {
  readonly [Kind in AppNoticeFact['kind']]: (
    fact: Extract<AppNoticeFact, { kind: Kind }>,
    /** A moment as the wall clock shows it. */
    moment: (atMs: number) => string,
  ) => AppNoticeWords;
};

/** What a person reads about `fact`; moments as the wall clock in `zone` shows them. */
export function appNoticeWords(fact: AppNoticeFact, locale: Locale, zone: string): AppNoticeWords {
  // One cast: the table's keys say which facts go with which function, a union index cannot.
  const words = table[locale][fact.kind] as (
    fact: AppNoticeFact,
    moment: (atMs: number) => string,
  ) => AppNoticeWords;
  // Seconds are noise here.
  return words(fact, (atMs) => formatMoment(atMs, zone).slice(0, -':00'.length));
}

const en: WordsByKind = {
  'run-failed': ({ plan, failure }) => {
    const { title, cause, nextStep } = failureWords(failure, 'en');
    return { title: `${plan}: ${title}`, body: `${cause} ${nextStep}` };
  },
  'run-partial': ({ plan, problems }) => ({
    title: `${plan}: finished with problems`,
    body:
      problems === 1
        ? 'One thing could not be done. The history says which.'
        : `${problems} things could not be done. The history says which.`,
  }),
  overdue: ({ plan, slotMs }, moment) => ({
    title: `${plan}: a backup is overdue`,
    body: `The backup that was due at ${moment(slotMs)} has not been made yet. See that the place is connected, then back up now.`,
  }),
  'set-unseen': ({ plan, set, seenAtMs }, moment) => ({
    title: `${plan}: it is time for the next disk`,
    body:
      seenAtMs === null
        ? `None of the disks of “${set}” has been connected yet. Connect the one whose turn it is; it is brought up to date by itself.`
        : `None of the disks of “${set}” has been connected since ${moment(seenAtMs)}. Connect the one whose turn it is; it is brought up to date by itself.`,
  }),
  'restore-test-failed': ({ plan, failure }) => {
    const { cause, nextStep } = failureWords(failure, 'en');
    return { title: `${plan}: the restore test failed`, body: `${cause} ${nextStep}` };
  },
  'key-needed': ({ plan }) => ({
    title: `${plan}: the passphrase is needed`,
    body: 'Holdfast needs the passphrase once. Until then no backups are made.',
  }),
  'loss-seen': ({ plan, table: name, rows, atMs }, moment) => ({
    title: `${plan}: data has disappeared`,
    body:
      rows === 0
        ? `The table ${name} is gone since ${moment(atMs)}. If that was not meant, bring it back.`
        : `${count(rows, 'en')} ${rows === 1 ? 'row is' : 'rows are'} missing from ${name} since ${moment(atMs)}. If that was not meant, bring ${rows === 1 ? 'it' : 'them'} back.`,
  }),
  'agent-keeps-ending': ({ times }) => ({
    title: 'Holdfast cannot work',
    body: `The part of Holdfast that makes the backups ended ${times} times within ten minutes. It is tried again every minute; restart the computer if this goes on.`,
  }),
  'sign-in-start-off': () => ({
    title: 'Holdfast does not start by itself',
    body: 'The start at sign-in was switched off in the system. Backups are made only while Holdfast is open; switch it on again in the settings of the system, under startup apps.',
  }),
  'all-fine': ({ plans, backups }) => ({
    title: 'All fine',
    body: `${count(backups, 'en')} ${backups === 1 ? 'backup' : 'backups'} in the last seven days; ${plans === 1 ? 'your backup plan is' : `all ${plans} backup plans are`} protected.`,
  }),
  said: ({ notice }) => ({ title: 'Holdfast', body: noticeWords(notice, 'en') }),
};

const zh: WordsByKind = {
  'run-failed': ({ plan, failure }) => {
    const { title, cause, nextStep } = failureWords(failure, 'zh-CN');
    return { title: `${plan}：${title}`, body: `${cause}${nextStep}` };
  },
  'run-partial': ({ plan, problems }) => ({
    title: `${plan}：已完成，但有问题`,
    body: `有 ${problems} 项未能完成，详情请看历史记录。`,
  }),
  overdue: ({ plan, slotMs }, moment) => ({
    title: `${plan}：备份逾期`,
    body: `应在 ${moment(slotMs)} 进行的备份还没有完成。请确认存放位置已连接，然后立即备份。`,
  }),
  'set-unseen': ({ plan, set, seenAtMs }, moment) => ({
    title: `${plan}：该换下一块硬盘了`,
    body:
      seenAtMs === null
        ? `“${set}”中的硬盘都还没有连接过。请连接本次轮换的硬盘，备份会自动补上。`
        : `自 ${moment(seenAtMs)} 以来，“${set}”中没有连接过任何硬盘。请连接本次轮换的硬盘，备份会自动补上。`,
  }),
  'restore-test-failed': ({ plan, failure }) => {
    const { cause, nextStep } = failureWords(failure, 'zh-CN');
    return { title: `${plan}：恢复演练未通过`, body: `${cause}${nextStep}` };
  },
  'key-needed': ({ plan }) => ({
    title: `${plan}：需要密码`,
    body: 'Holdfast 需要您输入一次密码，在此之前不会进行备份。',
  }),
  'loss-seen': ({ plan, table: name, rows, atMs }, moment) => ({
    title: `${plan}：有数据消失`,
    body:
      rows === 0
        ? `自 ${moment(atMs)} 起，表 ${name} 不见了。如果这不是有意为之，请找回。`
        : `自 ${moment(atMs)} 起，${name} 少了 ${count(rows, 'zh-CN')} 行。如果这不是有意为之，请找回。`,
  }),
  'agent-keeps-ending': ({ times }) => ({
    title: 'Holdfast 无法工作',
    body: `Holdfast 负责备份的部分在十分钟内意外结束了 ${times} 次。现在每分钟重试一次；如果一直这样，请重新启动电脑。`,
  }),
  'sign-in-start-off': () => ({
    title: 'Holdfast 不会自动启动',
    body: '登录时启动已在系统中被关闭。只有打开 Holdfast 时才会备份；请在系统的“启动应用”设置中重新打开。',
  }),
  'all-fine': ({ plans, backups }) => ({
    title: '一切正常',
    body: `最近七天完成了 ${count(backups, 'zh-CN')} 次备份，${plans} 个备份计划均已受保护。`,
  }),
  said: ({ notice }) => ({ title: 'Holdfast 提示', body: noticeWords(notice, 'zh-CN') }),
};

const count = (value: number, locale: Locale): string =>
  new Intl.NumberFormat(locale).format(value);
const table: Readonly<Record<Locale, WordsByKind>> = { en, 'zh-CN': zh };
