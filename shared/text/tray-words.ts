// Words of the tray, its menu, and the few sentences that the shell says in dialogs and notices of its own.
import type { RunKind } from '../model/run.ts';
import type { Locale } from './locale.ts';

export interface TrayWords {
  readonly starting: string;
  readonly noPlan: string;
  /** What goes on now; null: for no plan. */
  readonly running: (kind: RunKind, plan: string | null) => string;
  readonly newestCopy: (age: string) => string;
  readonly pausedUntil: (moment: string) => string;
  readonly paused: string;
  readonly backUpNow: string;
  readonly bringBack: string;
  readonly oneClick: string;
  readonly pauseHour: string;
  readonly pauseTomorrow: string;
  readonly resume: string;
  readonly open: string;
  readonly quit: string;
  readonly stillRunning: { readonly title: string; readonly body: string };
  readonly askQuit: {
    readonly message: string;
    readonly detail: (what: string) => string;
    readonly stay: string;
    readonly quit: string;
  };
  readonly crashed: { readonly title: string; readonly body: string };
}

export const trayWords: Readonly<Record<Locale, TrayWords>> = {
  en: {
    starting: 'Holdfast is starting …',
    noPlan: 'No CRM is protected yet',
    running: (kind, plan) => (plan === null ? runsEn[kind] : `${runsEn[kind]}: ${plan}`),
    newestCopy: (age) => `newest proved copy ${age}`,
    pausedUntil: (moment) => `Paused until ${moment}`,
    paused: 'Paused',
    backUpNow: 'Back up now',
    bringBack: 'Bring something back …',
    oneClick: 'Bring the whole CRM back …',
    pauseHour: 'Pause for 1 hour',
    pauseTomorrow: 'Pause until tomorrow',
    resume: 'Resume',
    open: 'Open Holdfast',
    quit: 'Quit Holdfast',
    stillRunning: {
      title: 'Holdfast keeps protecting your CRM',
      body: 'The window is closed; backups go on. Open or quit Holdfast with its icon beside the clock.',
    },
    askQuit: {
      message: 'Quit Holdfast while it is working?',
      detail: (what) =>
        `${what}. If you quit, this stops at a safe point and is made up for at the next start. Nothing is backed up while Holdfast is not running.`,
      stay: 'Keep running',
      quit: 'Quit',
    },
    crashed: {
      title: 'This window had to stop',
      body: 'Backups go on. Close this window and open Holdfast again.',
    },
  },
  'zh-CN': {
    starting: 'Holdfast 正在启动……',
    noPlan: '还没有受保护的 CRM',
    running: (kind, plan) => (plan === null ? runsZh[kind] : `${runsZh[kind]}：${plan}`),
    newestCopy: (age) => `最近一份经过验证的副本：${age}`,
    pausedUntil: (moment) => `已暂停至 ${moment}`,
    paused: '已暂停',
    backUpNow: '立即备份',
    bringBack: '找回数据……',
    oneClick: '找回整个 CRM……',
    pauseHour: '暂停 1 小时',
    pauseTomorrow: '暂停到明天',
    resume: '继续运行',
    open: '打开 Holdfast',
    quit: '退出 Holdfast',
    stillRunning: {
      title: 'Holdfast 仍在保护您的 CRM',
      body: '窗口已关闭，备份照常进行。要打开或退出 Holdfast，请使用时钟旁边的图标。',
    },
    askQuit: {
      message: 'Holdfast 正在工作，确定要退出吗？',
      detail: (what) =>
        `${what}。如果现在退出，它会在安全的地方停下，并在下次启动时补做。Holdfast 没有运行时不会进行任何备份。`,
      stay: '继续运行',
      quit: '退出',
    },
    crashed: {
      title: '此窗口被迫停止',
      body: '备份照常进行。请关闭此窗口，然后重新打开 Holdfast。',
    },
  },
};

const runsEn: Readonly<Record<RunKind, string>> = {
  backup: 'Backing up',
  verify: 'Checking',
  drill: 'Testing the way back',
  restore: 'Bringing back',
  undo: 'Undoing',
  forget: 'Tidying up',
  prune: 'Tidying up',
  export: 'Exporting',
  key: 'Changing keys',
};

const runsZh: Readonly<Record<RunKind, string>> = {
  backup: '正在备份',
  verify: '正在检查',
  drill: '正在进行恢复演练',
  restore: '正在找回',
  undo: '正在撤销',
  forget: '正在清理',
  prune: '正在清理',
  export: '正在导出',
  key: '正在更换密钥',
};
