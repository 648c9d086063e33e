// 界面文字：connect。
import type { connect as english } from '../en/connect.ts';
import type { SameKeys } from '../same-keys.ts';

export const connect: SameKeys<typeof english> = {
  title: '我有备份副本',
};
