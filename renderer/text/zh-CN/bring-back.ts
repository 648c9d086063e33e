// 界面文字：bring-back。
import type { bringBack as english } from '../en/bring-back.ts';
import type { SameKeys } from '../same-keys.ts';

export const bringBack: SameKeys<typeof english> = {
  title: '找回数据',
};
