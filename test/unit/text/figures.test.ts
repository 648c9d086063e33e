import { expect, test } from 'vitest';
import { formatBytes, formatSpeed } from '../../../shared/text/bytes.ts';
import { formatAge, formatDuration } from '../../../shared/text/durations.ts';
import { chooseLocale } from '../../../shared/text/locale.ts';

const KB = 1024;
const MB = 1024 * KB;
const GB = 1024 * MB;
const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

test.each([
  [0, '0 bytes', '0 字节'],
  [1, '1 byte', '1 字节'],
  [1023, '1,023 bytes', '1,023 字节'],
  [1024, '1.0 KB', '1.0 KB'],
  [99.94 * KB, '99.9 KB', '99.9 KB'],
  [99.96 * KB, '100 KB', '100 KB'],
  [1023.4 * KB, '1,023 KB', '1,023 KB'],
  [1023.96 * KB, '1.0 MB', '1.0 MB'],
  [11.3 * MB, '11.3 MB', '11.3 MB'],
  [429 * MB, '429 MB', '429 MB'],
  [GB, '1.0 GB', '1.0 GB'],
  [3.5 * 1024 * GB, '3.5 TB', '3.5 TB'],
  [5000 * 1024 * 1024 * GB, '5,000 PB', '5,000 PB'],
])('a size of %d bytes is shown as the file manager shows it', (bytes, en, zh) => {
  expect(formatBytes(bytes, 'en')).toBe(en);
  expect(formatBytes(bytes, 'zh-CN')).toBe(zh);
});

test('a speed says per second', () => {
  expect(formatSpeed(84.2 * MB, 'en')).toBe('84.2 MB/s');
  expect(formatSpeed(84.2 * MB, 'zh-CN')).toBe('84.2 MB/秒');
});

test.each([
  [-5, '0 s', '0 秒'],
  [840, '0.8 s', '0.8 秒'],
  [9999, '9.9 s', '9.9 秒'],
  [59_999, '59 s', '59 秒'],
  [MINUTE, '1 min', '1 分'],
  [3 * MINUTE + 40 * SECOND, '3 min 40 s', '3 分 40 秒'],
  [HOUR - 1, '59 min 59 s', '59 分 59 秒'],
  [2 * HOUR + 5 * MINUTE, '2 h 5 min', '2 小时 5 分'],
  [DAY, '1 day', '1 天'],
  [3 * DAY + 4 * HOUR, '3 days 4 h', '3 天 4 小时'],
])('a span of %d ms is never shown longer than it was', (ms, en, zh) => {
  expect(formatDuration(ms, 'en')).toBe(en);
  expect(formatDuration(ms, 'zh-CN')).toBe(zh);
});

test.each([
  [0, 'just now', '刚刚'],
  [-2 * MINUTE, 'just now', '刚刚'],
  [-HOUR, 'dated in the future', '日期在将来'],
  [MINUTE, '1 minute ago', '1分钟前'],
  [12 * MINUTE + 59 * SECOND, '12 minutes ago', '12分钟前'],
  [3 * HOUR, '3 hours ago', '3小时前'],
  [47 * HOUR, '47 hours ago', '47小时前'],
  [3 * DAY, '3 days ago', '3天前'],
])('an age of %d ms is never shown younger than the clock allows', (ms, en, zh) => {
  expect(formatAge(ms, 'en')).toBe(en);
  expect(formatAge(ms, 'zh-CN')).toBe(zh);
});

test.each([
  [['zh-Hans-CN', 'en'], 'zh-CN'],
  [['zh_CN.UTF-8'], 'zh-CN'],
  [['de-DE', 'zh-TW'], 'zh-CN'],
  [['de-DE', 'en-GB'], 'en'],
  [[], 'en'],
] as const)('the system languages %j choose %s', (preferences, locale) => {
  expect(chooseLocale(preferences)).toBe(locale);
});
