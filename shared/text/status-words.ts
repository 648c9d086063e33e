// Words for the light and for every reason that it is not green, with the one thing to do about it.
import type { SourceId } from '../model/ids.ts';
import type { Plan } from '../model/plan.ts';
import type { StatusKind, StatusReason } from '../model/status-reason.ts';
import { formatBytes } from './bytes.ts';
import { formatAge, formatDuration } from './durations.ts';
import type { Locale } from './locale.ts';

type ReasonCode = StatusReason['code'];
type ReasonOf<Code extends ReasonCode> = Extract<StatusReason, { code: Code }>;

export interface ReasonWords {
  /** One sentence. */
  readonly sentence: string;
  readonly nextStep: string;
}

/** What the words need besides the reason. */
export interface ReasonSetting {
  readonly nowMs: number;
  readonly nameOf: (source: SourceId) => string;
  /** What people call a place; left out: its path. */
  readonly placeOf?: (path: string) => string;
}

/** Of one plan. */
export function reasonSetting(
  { sources, places }: Pick<Plan, 'sources' | 'places'>,
  nowMs: number,
): ReasonSetting {
  return {
    nowMs,
    nameOf: (id) => sources.find((source) => source.id === id)?.name ?? id,
    placeOf: (path) => places.find((place) => place.path === path)?.name ?? path,
  };
}

type WordsByCode = {
  readonly [Code in ReasonCode]: (reason: ReasonOf<Code>, setting: ReasonSetting) => ReasonWords;
};

const kinds: Record<Locale, Record<StatusKind, string>> = {
  en: { protected: 'Protected', attention: 'Attention', 'not-protected': 'Not protected' },
  'zh-CN': { protected: '已受保护', attention: '需要注意', 'not-protected': '未受保护' },
};

/** The large word of the light. */
export function statusTitle(kind: StatusKind, locale: Locale): string {
  return kinds[locale][kind];
}

/** What a person reads about one reason. */
export function reasonWords(
  reason: StatusReason,
  locale: Locale,
  setting: ReasonSetting,
): ReasonWords {
  // One cast: the table's keys say which facts go with which function, a union index cannot.
  const words = table[locale][reason.code] as (
    reason: StatusReason,
    setting: ReasonSetting,
  ) => ReasonWords;
  const { placeOf } = setting;
  const isNamed = placeOf !== undefined && 'place' in reason;
  return words(isNamed ? { ...reason, place: placeOf(reason.place) } : reason, setting);
}

const en: WordsByCode = {
  'plan-empty': () => ({
    sentence: 'This backup plan names no CRM data or no place.',
    nextStep: 'Add what is to be protected and where to.',
  }),
  'nothing-proved': ({ source, place, lacks }, { nameOf }) => ({
    sentence: {
      copy: `There is no good copy of ${nameOf(source)} at ${place}.`,
      'read-back': `No copy of ${nameOf(source)} at ${place} has been read back completely.`,
      'restore-test': `No restore test has passed for the copies of ${nameOf(source)} at ${place}.`,
    }[lacks],
    nextStep: lacks === 'restore-test' ? 'Run a restore test.' : 'Back up now.',
  }),
  'proved-too-old': ({ source, place, takenAtMs, limitMs }, { nowMs, nameOf }) => ({
    sentence:
      `The newest proved copy of ${nameOf(source)} at ${place} was taken ` +
      `${formatAge(nowMs - takenAtMs, 'en')}; the limit is ${formatDuration(limitMs, 'en')}.`,
    nextStep: 'Back up now.',
  }),
  'newest-damaged': ({ source, place, takenAtMs, what }, { nowMs, nameOf }) => ({
    sentence:
      what === 'copy'
        ? `The copy of ${nameOf(source)} at ${place} taken ${formatAge(nowMs - takenAtMs, 'en')} is damaged.`
        : `${nameOf(source)} itself was damaged when it was copied to ${place} ${formatAge(nowMs - takenAtMs, 'en')}.`,
    nextStep:
      what === 'copy'
        ? 'Make a full backup now.'
        : 'Stop working in the CRM and bring back the last good restore point.',
  }),
  'slot-missed': ({ source, place, slotMs, isPaused }, { nowMs, nameOf }) => ({
    sentence:
      `The backup of ${nameOf(source)} to ${place} that was due ${formatAge(nowMs - slotMs, 'en')} ` +
      (isPaused ? 'was left out because the plan is paused.' : 'was missed.'),
    nextStep: isPaused ? 'Resume the plan.' : 'Back up now.',
  }),
  'restore-test-failed': ({ source, place, atMs, outcome }, { nowMs, nameOf }) => ({
    sentence:
      `The restore test of ${nameOf(source)} from ${place} ${formatAge(nowMs - atMs, 'en')} ` +
      {
        'damaged-copy': 'found the copy damaged.',
        'damaged-source': 'found a true copy of data that was damaged already.',
        'not-possible': 'could not be carried out.',
      }[outcome],
    nextStep: 'Look at the details, then repeat the restore test.',
  }),
  'restore-test-old': ({ source, place, atMs }, { nowMs, nameOf }) => ({
    sentence: `The last restore test of ${nameOf(source)} from ${place} passed ${formatAge(nowMs - atMs, 'en')}.`,
    nextStep: 'Run a restore test.',
  }),
  'bytes-compared-only': ({ source, place }, { nameOf }) => ({
    sentence: `The copies of ${nameOf(source)} at ${place} come back byte for byte; whether the database in them is sound, nothing on this computer can tell Holdfast.`,
    nextStep: 'Bring a copy back into a folder now and then, and open it with your CRM.',
  }),
  'only-own-disk': ({ source }, { nameOf }) => ({
    sentence: `As far as Holdfast can tell, the only copy of ${nameOf(source)} lies on the CRM's own disk.`,
    nextStep: 'Set up a plan whose place is on another disk or computer.',
  }),
  'kit-not-confirmed': () => ({
    sentence: 'Nobody has confirmed yet that the recovery key is kept safe.',
    nextStep: 'Print the recovery kit and confirm it.',
  }),
  'key-store-locked': () => ({
    sentence: 'Holdfast cannot get at the stored passphrase.',
    nextStep: 'Enter the passphrase once.',
  }),
  'place-unseen': ({ place, seenAtMs }, { nowMs }) => ({
    sentence:
      seenAtMs === null
        ? `The copy at ${place} has not been seen yet.`
        : `The copy at ${place} was last seen ${formatAge(nowMs - seenAtMs, 'en')}.`,
    nextStep: 'Connect the disk or the network share.',
  }),
  'set-unseen': ({ set, seenAtMs }, { nowMs }) => ({
    sentence:
      seenAtMs === null
        ? `None of the disks of “${set}” has been seen yet.`
        : `The disks of “${set}” were last connected ${formatAge(nowMs - seenAtMs, 'en')}.`,
    nextStep: 'Connect the disk whose turn it is.',
  }),
  'place-nearly-full': ({ place, freeBytes, totalBytes }) => ({
    sentence: `${place} is nearly full: ${formatBytes(freeBytes, 'en')} of ${formatBytes(totalBytes, 'en')} are free.`,
    nextStep: 'Free some space there, tidy up, or add another place.',
  }),
};

const zh: WordsByCode = {
  'plan-empty': () => ({
    sentence: '这个备份计划没有指定 CRM 数据或存放位置。',
    nextStep: '请添加要保护的数据和存放位置。',
  }),
  'nothing-proved': ({ source, place, lacks }, { nameOf }) => ({
    sentence: {
      copy: `${place} 没有 ${nameOf(source)} 的完好副本。`,
      'read-back': `${place} 中 ${nameOf(source)} 的副本都还没有完整地读回验证。`,
      'restore-test': `${place} 中 ${nameOf(source)} 的副本还没有通过恢复演练。`,
    }[lacks],
    nextStep: lacks === 'restore-test' ? '请运行一次恢复演练。' : '请立即备份。',
  }),
  'proved-too-old': ({ source, place, takenAtMs, limitMs }, { nowMs, nameOf }) => ({
    sentence:
      `${place} 中 ${nameOf(source)} 最近一份经过验证的副本已是${formatAge(nowMs - takenAtMs, 'zh-CN')}的，` +
      `超过了 ${formatDuration(limitMs, 'zh-CN')}的期限。`,
    nextStep: '请立即备份。',
  }),
  'newest-damaged': ({ source, place, takenAtMs, what }, { nowMs, nameOf }) => ({
    sentence:
      what === 'copy'
        ? `${place} 中${formatAge(nowMs - takenAtMs, 'zh-CN')}的 ${nameOf(source)} 副本已损坏。`
        : `${formatAge(nowMs - takenAtMs, 'zh-CN')}备份到 ${place} 时，${nameOf(source)} 本身已经损坏。`,
    nextStep:
      what === 'copy'
        ? '请立即做一次完整备份。'
        : '请停止在 CRM 中工作，并恢复最近一个完好的恢复点。',
  }),
  'slot-missed': ({ source, place, slotMs, isPaused }, { nowMs, nameOf }) => ({
    sentence:
      `${formatAge(nowMs - slotMs, 'zh-CN')}应把 ${nameOf(source)} 备份到 ${place}，` +
      (isPaused ? '但因计划已暂停而没有进行。' : '但没有完成。'),
    nextStep: isPaused ? '请恢复该计划的运行。' : '请立即备份。',
  }),
  'restore-test-failed': ({ source, place, atMs, outcome }, { nowMs, nameOf }) => ({
    sentence:
      `${formatAge(nowMs - atMs, 'zh-CN')}从 ${place} 对 ${nameOf(source)} 的恢复演练` +
      {
        'damaged-copy': '发现副本已损坏。',
        'damaged-source': '发现副本与原数据一致，但原数据当时已损坏。',
        'not-possible': '未能进行。',
      }[outcome],
    nextStep: '请查看详情，然后重新进行恢复演练。',
  }),
  'restore-test-old': ({ source, place, atMs }, { nowMs, nameOf }) => ({
    sentence: `从 ${place} 对 ${nameOf(source)} 的恢复演练上次通过是在${formatAge(nowMs - atMs, 'zh-CN')}。`,
    nextStep: '请运行一次恢复演练。',
  }),
  'bytes-compared-only': ({ source, place }, { nameOf }) => ({
    sentence: `${place} 中 ${nameOf(source)} 的副本可以逐字节恢复；但本机没有程序能让 Holdfast 判断其中的数据库是否完好。`,
    nextStep: '请不时把一份副本恢复到文件夹中，并用您的 CRM 打开看看。',
  }),
  'only-own-disk': ({ source }, { nameOf }) => ({
    sentence: `据 Holdfast 所知，${nameOf(source)} 唯一的副本与 CRM 在同一块磁盘上。`,
    nextStep: '请建立一个备份计划，将副本存放到另一块磁盘或另一台电脑上。',
  }),
  'kit-not-confirmed': () => ({
    sentence: '还没有人确认恢复密钥已妥善保管。',
    nextStep: '请打印恢复资料并进行确认。',
  }),
  'key-store-locked': () => ({
    sentence: 'Holdfast 无法取得已保存的密码。',
    nextStep: '请输入一次密码。',
  }),
  'place-unseen': ({ place, seenAtMs }, { nowMs }) => ({
    sentence:
      seenAtMs === null
        ? `还没有见到过 ${place} 的备份副本。`
        : `上次见到 ${place} 的备份副本是在${formatAge(nowMs - seenAtMs, 'zh-CN')}。`,
    nextStep: '请接好磁盘或连接网络共享。',
  }),
  'set-unseen': ({ set, seenAtMs }, { nowMs }) => ({
    sentence:
      seenAtMs === null
        ? `“${set}”中的硬盘都还没有连接过。`
        : `“${set}”中的硬盘最近一次连接是在${formatAge(nowMs - seenAtMs, 'zh-CN')}。`,
    nextStep: '请连接本次轮换的硬盘。',
  }),
  'place-nearly-full': ({ place, freeBytes, totalBytes }) => ({
    sentence: `${place} 快满了：${formatBytes(totalBytes, 'zh-CN')} 中只剩 ${formatBytes(freeBytes, 'zh-CN')}。`,
    nextStep: '请在那里腾出空间、进行清理，或者添加另一个存放位置。',
  }),
};

const table: Readonly<Record<Locale, WordsByCode>> = { en, 'zh-CN': zh };
