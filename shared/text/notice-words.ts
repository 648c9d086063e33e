// Words for notices: one sentence each.
import type { Notice } from '../model/notice.ts';
import { failureWords } from './failure-words.ts';
import type { Locale } from './locale.ts';
import { namesOf } from './names-of.ts';

type Words = {
  readonly [Kind in Notice['kind']]: (notice: Extract<Notice, { kind: Kind }>) => string;
};

/** What a person reads about `notice`. */
export function noticeWords(notice: Notice, locale: Locale): string {
  // One cast: the table's keys say which facts go with which function, a union index cannot.
  return (table[locale][notice.kind] as (notice: Notice) => string)(notice);
}

const english = (names: readonly string[]): string =>
  namesOf(names, (count) => `and ${count} more`);
const chinese = (names: readonly string[]): string =>
  namesOf(names, (count) => `等另外 ${count} 个`);

const en: Words = {
  damage: ({ object, failure }) =>
    `A part of the copy could not be read (${object}): ${failureWords(failure, 'en').cause}`,
  'history-set-aside': ({ file, detail }) =>
    `The history could not be used (${detail}); it was set aside as ${file} and a new one begun.`,
  'history-not-kept': ({ detail }) =>
    `This run is missing from the history, which cannot be written (${detail}). The copies are not affected.`,
  'kit-replaced': ({ files }) =>
    `Files of the emergency reader differed from Holdfast's own and were put right: ${english(files)}.`,
  'own-disk': ({ source, place }) =>
    `${place} lies on the same disk as ${source}: if that disk dies, both are lost.`,
  'point-passed-over': ({ point }) =>
    `Restore point ${point} is damaged and was passed over for an older one.`,
  'points-vanished': ({ points }) =>
    `Restore points are gone that should be there: ${english(points)}.`,
  'restore-finished': ({ target }) =>
    `A restore of ${target} that had been interrupted was finished.`,
  'restore-waiting': ({ target }) =>
    `A restore of ${target} was interrupted; it goes on when the program that has it open is closed.`,
  'damage-not-noted': ({ failure }) =>
    `What was found could not be noted at the place, so the next backup does not know of it: ${failureWords(failure, 'en').cause}`,
  'plan-previous-used': ({ plan, detail }) =>
    `The file of the backup plan ${plan} cannot be used (${detail}); the version before it is.`,
  'plan-unreadable': ({ plan, detail }) => `The backup plan ${plan} cannot be read: ${detail}`,
  'schedule-trouble': ({ detail }) =>
    `What is due could not be decided just now (${detail}). Holdfast looks again in half a minute.`,
  'plan-copy-late': ({ plan, failure }) =>
    `The change of ${plan} could not be stored at its place yet (${failureWords(failure, 'en').cause}) It will be with the next backup.`,
  'tidy-up-failed': ({ plan, failure }) =>
    `After the backup of ${plan}, tidying up did not succeed: ${failureWords(failure, 'en').cause}`,
  'action-late': ({ plan, failure }) =>
    failure === null
      ? `Holdfast had ended in the middle of a backup of ${plan}; the command after it was run late, and succeeded.`
      : `Holdfast had ended in the middle of a backup of ${plan}; the command after it was run late, and failed: ${failureWords(failure, 'en').cause}`,
  'actions-wait': ({ plan, commands }) =>
    `${plan} runs commands around its backups, which wait until you agree to them here (holdfast plan agree): ${english(commands)}.`,
  'key-left-behind': ({ plan, place, secret, failure }) =>
    `The new ${secret === 'passphrase' ? 'passphrase' : 'recovery key'} of ${plan} does not hold at ${place}, where the old one still opens the copy: ${failureWords(failure, 'en').cause} Keep both, and make the change once more.`,
  'secret-not-stored': () =>
    'The passphrase could not be stored in the keychain of this system; it will have to be given each time.',
  'left-behind': ({ path, detail }) =>
    `${path} was left behind by a set-up that failed and could not be removed (${detail}). It holds no restore points and may be deleted.`,
};

const zh: Words = {
  damage: ({ object, failure }) =>
    `备份副本的一部分无法读取（${object}）：${failureWords(failure, 'zh-CN').cause}`,
  'history-set-aside': ({ file, detail }) =>
    `历史记录无法使用（${detail}），已另存为 ${file}，并新建了历史记录。`,
  'history-not-kept': ({ detail }) =>
    `历史记录无法写入（${detail}），因此缺少本次运行；备份副本不受影响。`,
  'kit-replaced': ({ files }) =>
    `紧急恢复程序的文件与 Holdfast 自带的不同，已更正：${chinese(files)}。`,
  'own-disk': ({ source, place }) =>
    `${place} 与 ${source} 在同一块磁盘上：该磁盘损坏时两者都会丢失。`,
  'point-passed-over': ({ point }) => `恢复点 ${point} 已损坏，已改用更早的恢复点。`,
  'points-vanished': ({ points }) => `有恢复点不见了：${chinese(points)}。`,
  'restore-finished': ({ target }) => `已完成此前中断的 ${target} 的恢复。`,
  'restore-waiting': ({ target }) => `${target} 的恢复曾被中断；关闭正在使用它的程序后将继续。`,
  'damage-not-noted': ({ failure }) =>
    `检查结果未能记录到存放位置，下次备份不会知道：${failureWords(failure, 'zh-CN').cause}`,
  'plan-previous-used': ({ plan, detail }) =>
    `备份计划 ${plan} 的文件无法使用（${detail}），已改用上一个版本。`,
  'plan-unreadable': ({ plan, detail }) => `备份计划 ${plan} 无法读取：${detail}`,
  'schedule-trouble': ({ detail }) =>
    `暂时无法判断哪些备份该运行（${detail}），Holdfast 会在半分钟后再看。`,
  'plan-copy-late': ({ plan, failure }) =>
    `${plan} 的更改暂时无法保存到存放位置（${failureWords(failure, 'zh-CN').cause}），将在下次备份时保存。`,
  'tidy-up-failed': ({ plan, failure }) =>
    `${plan} 备份完成后清理未成功：${failureWords(failure, 'zh-CN').cause}`,
  'action-late': ({ plan, failure }) =>
    failure === null
      ? `Holdfast 曾在备份 ${plan} 途中退出；备份后的命令现已补运行，运行成功。`
      : `Holdfast 曾在备份 ${plan} 途中退出；备份后的命令现已补运行，但失败了：${failureWords(failure, 'zh-CN').cause}`,
  'actions-wait': ({ plan, commands }) =>
    `${plan} 在备份前后会运行命令，需您在这台电脑上同意后才会运行（holdfast plan agree）：${chinese(commands)}。`,
  'key-left-behind': ({ plan, place, secret, failure }) =>
    `${plan} 的新${secret === 'passphrase' ? '密码' : '恢复密钥'}在 ${place} 没有生效，那里的备份副本仍用旧的打开：${failureWords(failure, 'zh-CN').cause}请保留新旧两者，并再更改一次。`,
  'secret-not-stored': () => '无法把密码保存到本系统的钥匙串，以后每次都需要提供密码。',
  'left-behind': ({ path, detail }) =>
    `设置未成功，留下的 ${path} 无法删除（${detail}）。其中没有恢复点，可以手动删除。`,
};

const table: Readonly<Record<Locale, Words>> = { en, 'zh-CN': zh };
