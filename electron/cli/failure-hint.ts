// What to type next after a failure, where a command answers it. The words of failures serve the screens too and name none.
import type { Failure } from '../../shared/model/failure.ts';
import type { Locale } from '../../shared/text/locale.ts';

const HINTS: { readonly [C in Failure['code']]?: Readonly<Record<Locale, string>> } = {
  'target-changed': {
    en: 'To go on: holdfast undo --even-if-changed',
    'zh-CN': '仍要撤销：holdfast undo --even-if-changed',
  },
  'point-damaged': {
    en: 'To see what is affected: holdfast verify --at PLACE --data',
    'zh-CN': '查看受影响的恢复点：holdfast verify --at PLACE --data',
  },
};

/** Null where no command helps. */
export function failureHint({ code }: Failure, locale: Locale): string | null {
  return HINTS[code]?.[locale] ?? null;
}
