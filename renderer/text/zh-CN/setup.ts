// 界面文字：setup。
import type { setup as english } from '../en/setup.ts';
import type { SameKeys } from '../same-keys.ts';

export const setup: SameKeys<typeof english> = {
  title: '保护我的 CRM',
};
