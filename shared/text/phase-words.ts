// What each phase of a run is called.
import type { Phase } from '../model/progress.ts';
import type { Locale } from './locale.ts';

const words: Readonly<Record<Locale, Readonly<Record<Phase, string>>>> = {
  en: {
    unlock: 'Opening',
    inspect: 'Looking at what is there',
    read: 'Reading and storing',
    commit: 'Completing',
    prove: 'Reading back',
    plan: 'Planning',
    'safety-point': 'Keeping the present state',
    fetch: 'Fetching',
    check: 'Checking',
    swap: 'Putting back',
    compare: 'Comparing',
    count: 'Counting',
    remove: 'Tidying up',
    export: 'Exporting',
  },
  'zh-CN': {
    unlock: '正在打开',
    inspect: '正在查看现有内容',
    read: '正在读取并存储',
    commit: '正在完成',
    prove: '正在读回验证',
    plan: '正在规划',
    'safety-point': '正在保留当前状态',
    fetch: '正在取回',
    check: '正在检查',
    swap: '正在放回',
    compare: '正在比较',
    count: '正在计数',
    remove: '正在清理',
    export: '正在导出',
  },
};

/** The phase as a progress line says it. */
export function phaseWords(phase: Phase, locale: Locale): string {
  return words[locale][phase];
}
