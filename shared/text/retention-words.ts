// Words for the reasons why a restore point stays, for the preview of tidying up.
import type { KeepReason } from '../model/retention.ts';
import type { Locale } from './locale.ts';

type Words = {
  readonly [Code in KeepReason['code']]: (reason: Extract<KeepReason, { code: Code }>) => string;
};

/** Why a restore point stays, such as "newest of day 2026-11-20". */
export function keepReasonWords(reason: KeepReason, locale: Locale): string {
  // One cast: the table's keys say which facts go with which function, a union index cannot.
  return (table[locale][reason.code] as (reason: KeepReason) => string)(reason);
}

const en: Words = {
  newest: () => 'newest restore point',
  'newest-proved': () => 'newest one that is proved',
  'newest-full': () => 'newest full backup',
  'doubtful-time': () => 'its time is doubtful',
  damaged: () => 'damaged, but it may be healed',
  'no-rule': () => 'no keep rule is set',
  hold: ({ reason }) => `held: ${reason}`,
  'in-doubt': ({ doubt }) =>
    ({
      'clock-jump': 'nothing is removed: the clock jumped',
      anomaly: 'nothing is removed: a warning is not acknowledged',
      unreachable: 'nothing is removed: a place cannot be reached',
    })[doubt],
  last: ({ nth }) => `number ${nth} of the newest`,
  within: () => 'younger than the longest age',
  hourly: ({ bucket }) => `newest of hour ${bucket}`,
  daily: ({ bucket }) => `newest of day ${bucket}`,
  weekly: ({ bucket }) => `newest of week ${bucket}`,
  monthly: ({ bucket }) => `newest of month ${bucket}`,
  yearly: ({ bucket }) => `newest of year ${bucket}`,
};

const zh: Words = {
  newest: () => '最新的恢复点',
  'newest-proved': () => '最新的已验证恢复点',
  'newest-full': () => '最新的完整备份',
  'doubtful-time': () => '时间存疑',
  damaged: () => '已损坏，但可能修复',
  'no-rule': () => '没有设置保留规则',
  hold: ({ reason }) => `已锁定保留：${reason}`,
  'in-doubt': ({ doubt }) =>
    ({
      'clock-jump': '暂不删除：时钟发生跳变',
      anomaly: '暂不删除：有一条警告尚未确认',
      unreachable: '暂不删除：有存放位置无法连接',
    })[doubt],
  last: ({ nth }) => `最新的第 ${nth} 个`,
  within: () => '未超过保留期限',
  hourly: ({ bucket }) => `${bucket} 这一小时最新的`,
  daily: ({ bucket }) => `${bucket} 当天最新的`,
  weekly: ({ bucket }) => `${bucket} 这一周最新的`,
  monthly: ({ bucket }) => `${bucket} 当月最新的`,
  yearly: ({ bucket }) => `${bucket} 当年最新的`,
};

const table: Readonly<Record<Locale, Words>> = { en, 'zh-CN': zh };
