// Words for what a source is: its format, who has it open, what belongs to it. For screens and the command line alike.
import type { LockUser, SourceLock } from '../model/source-lock.ts';
import type { Locale } from './locale.ts';

/** Names of formats as the engine tells them -> Chinese; English shows them as they are. */
const formatsZh: Readonly<Record<string, string>> = {
  'SQLite database': 'SQLite 数据库',
  'damaged SQLite database': '已损坏的 SQLite 数据库',
  'Access database': 'Access 数据库',
  'dBase table': 'dBase 数据表',
  'Firebird database': 'Firebird 数据库',
  'FileMaker database': 'FileMaker 数据库',
  'SQL Server database': 'SQL Server 数据库',
  'SQL Server log': 'SQL Server 日志文件',
  'encrypted database': '已加密的数据库',
  folder: '文件夹',
  file: '文件',
};

/** What a format is called. */
export function formatName(format: string, locale: Locale): string {
  return locale === 'en' ? format : (formatsZh[format] ?? format);
}

/** Several names in one line. */
export function listNames(names: readonly string[], locale: Locale): string {
  return names.join(locale === 'en' ? ', ' : '、');
}

/** One sentence without its full stop: who has it open, as the lock file says. */
export function lockWords({ file, users }: SourceLock, locale: Locale): string {
  const [first] = users;
  if (locale === 'en') {
    if (first === undefined) return `in use by another program (lock file ${file})`;
    return `in use ${listNames(users.map(inEnglish), locale)} (lock file ${file})`;
  }
  if (first === undefined) return `正被另一个程序使用（锁定文件 ${file}）`;
  return `正在使用：${listNames(users.map(inChinese), locale)}（锁定文件 ${file}）`;
}

const inEnglish = ({ computer, user }: LockUser): string =>
  user === '' ? `on PC ${computer}` : `on PC ${computer} by user ${user}`;
const inChinese = ({ computer, user }: LockUser): string =>
  user === '' ? `电脑 ${computer}` : `电脑 ${computer} 上的用户 ${user}`;
