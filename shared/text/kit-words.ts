// Words of the recovery kit: one printed page that must be understood years later, by somebody in a hurry, without us.
import type { Locale } from './locale.ts';

export interface KitWords {
  readonly title: string;
  readonly keepSafe: string;
  readonly recoveryKey: string;
  readonly keyHint: string;
  readonly what: string;
  readonly plan: string;
  readonly sources: string;
  readonly where: string;
  readonly place: string;
  readonly vault: string;
  readonly madeAt: string;
  readonly withApp: string;
  readonly withAppSteps: readonly string[];
  readonly withoutApp: string;
  readonly withoutAppSteps: readonly string[];
  readonly readerDigest: string;
  readonly readerDigestHint: string;
  readonly fileName: (plan: string) => string;
}

export const kitWords: Readonly<Record<Locale, KitWords>> = {
  en: {
    title: 'Recovery kit',
    keepSafe:
      'Print this page and keep it where you keep contracts: not on the computer of the CRM, and not beside the copies. Whoever holds it and the copies can read your CRM.',
    recoveryKey: 'Recovery key',
    keyHint:
      'It opens the copies when the passphrase is lost. Capital and small letters count the same.',
    what: 'What is protected',
    plan: 'Backup plan',
    sources: 'CRM data',
    where: 'Where the copies are',
    place: 'Place',
    vault: 'Number of the copies',
    madeAt: 'Made on',
    withApp: 'Bringing your CRM back on any computer',
    withAppSteps: [
      'Connect the disk or the network share with the copies.',
      'Install Holdfast and start it. Choose “I have copies: bring my CRM back”.',
      'Choose the place above and type the recovery key.',
      'Choose a restore point and follow the steps.',
    ],
    withoutApp: 'Without Holdfast',
    withoutAppSteps: [
      'Install Node.js, version 22.15 or newer, from nodejs.org; it is free of charge.',
      'Open a terminal in the folder named above as the place. README.txt in it says everything.',
      'Type: node restore.mjs list',
      'Type: node restore.mjs restore latest FOLDER, and the recovery key when asked for it.',
    ],
    readerDigest: 'SHA-256 of restore.mjs',
    readerDigestHint:
      'If the copies lay where others could write, compare it before you run the file.',
    fileName: (plan) => `Holdfast recovery kit ${plan}.pdf`,
  },
  'zh-CN': {
    title: '恢复资料',
    keepSafe:
      '请打印本页，像保管合同一样保管好：不要放在 CRM 所在的电脑上，也不要与备份副本放在一起。同时拿到本页和备份副本的人可以读取您的 CRM。',
    recoveryKey: '恢复密钥',
    keyHint: '忘记密码时用它打开备份副本。不区分大小写。',
    what: '受保护的内容',
    plan: '备份计划',
    sources: 'CRM 数据',
    where: '备份副本在哪里',
    place: '存放位置',
    vault: '备份副本编号',
    madeAt: '制作时间',
    withApp: '在任何一台电脑上找回 CRM',
    withAppSteps: [
      '接好存有备份副本的磁盘或网络共享。',
      '安装并启动 Holdfast，选择“我已有备份：找回我的 CRM”。',
      '选择上面写的存放位置，输入恢复密钥。',
      '选择一个恢复点，按提示操作。',
    ],
    withoutApp: '没有 Holdfast 时',
    withoutAppSteps: [
      '从 nodejs.org 安装 Node.js 22.15 或更新版本（免费）。',
      '在上面写的存放位置的文件夹中打开终端，其中的 README.txt 有完整说明。',
      '输入：node restore.mjs list',
      '输入：node restore.mjs restore latest 文件夹，并在提示时输入恢复密钥。',
    ],
    readerDigest: 'restore.mjs 的 SHA-256',
    readerDigestHint: '如果备份副本曾放在他人可以写入的地方，请先核对再运行该文件。',
    fileName: (plan) => `Holdfast 恢复资料 ${plan}.pdf`,
  },
};
