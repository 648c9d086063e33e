// “我有备份副本”：新电脑，或丢失了设置的电脑。
import type { connect as english } from '../en/connect.ts';
import type { SameKeys } from '../same-keys.ts';

export const connect: SameKeys<typeof english> = {
  title: '从备份副本找回我的 CRM',
  intro: '适用于新电脑或丢失了设置的电脑：请指出副本的位置，并用密码或恢复密钥打开。',
  where: '副本在哪里？',
  chooseFolder: '选择文件夹……',
  path: '副本所在文件夹',
  search: '在此查找',
  searching: '正在查找副本……',
  none: '此文件夹及其下一级文件夹中没有备份副本。',
  found: '找到的副本',
  choose: '选择',
  secret: '密码或恢复密钥',
  secretHint: '恢复密钥在您打印的恢复资料或 PDF 中，不区分大小写。',
  remember: '将密码保存在本机的钥匙串中，以便自动备份',
  open: '打开副本',
  opening: '正在打开……',
  done: '副本已连接',
  points_other: '{{count}} 个恢复点',
  plans: '已找回的备份计划',
  noPlans: '这些副本不属于任何备份计划，请在命令行中找回数据：holdfast restore。',
  known: '本机已有',
  isNew: '已添加',
  missing: '本机尚没有：{{paths}}',
  next: '立即找回 CRM',
  later: '以后再说',
};
