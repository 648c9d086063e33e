import { expect, test } from 'vitest';
import { kitFileName, kitPage } from '../../../electron/shell/kit-page.ts';
import { asId, type PlanId, type VaultId } from '../../../shared/model/ids.ts';
import type { RecoveryKit } from '../../../shared/model/setup.ts';
import { kitWords } from '../../../shared/text/kit-words.ts';
import { locales } from '../../../shared/text/locale.ts';

const groups = ['A1B2C', 'D3E4F', 'G5H6J', 'K7M8N', 'P9Q0R', 'S1T2V', 'W3X4Y', 'Z5A6B'];
const kit: RecoveryKit = {
  plan: asId<PlanId>('1'.repeat(32)),
  planName: 'Müller & <b>Söhne</b>',
  vault: asId<VaultId>('2'.repeat(32)),
  place: '\\\\nas\\backups\\"quoted"',
  sources: ['C:\\CRM\\crm.db', "D:\\it's.db"],
  recoveryKey: groups.join('-'),
  readerSha256: 'ab'.repeat(32),
  madeAtMs: Date.UTC(2026, 10, 21, 17, 30, 5),
};

test.each(locales)('everything that a recovery needs is on the page (%s)', (locale) => {
  const page = kitPage(kit, locale, 'Europe/Berlin');
  const words = kitWords[locale];
  for (const group of groups) expect(page).toContain(group);
  for (const part of [kit.vault, kit.readerSha256, '2026-11-21 18:30:05', 'C:\\CRM\\crm.db']) {
    expect(page).toContain(part);
  }
  for (const step of [...words.withAppSteps, ...words.withoutAppSteps]) {
    expect(page).toContain(step);
  }
  expect(page).toContain('<svg');
});

test.each(locales)(
  'no value becomes markup, and the page fetches and runs nothing (%s)',
  (locale) => {
    const page = kitPage(kit, locale, 'UTC');
    expect(page).toContain('Müller &amp; &lt;b&gt;Söhne&lt;/b&gt;');
    expect(page).toContain('&quot;quoted&quot;');
    expect(page).not.toContain('<b>');
    expect(page).not.toMatch(/<script|<img|<link|src=|href=|url\(/iu);
    expect(page).toContain("default-src 'none'");
  },
);

test('the words are there in both languages, as many steps in each', () => {
  const flat = (value: unknown): unknown[] =>
    typeof value === 'object' && value !== null ? Object.values(value).flatMap(flat) : [value];
  const [english, chinese] = [flat(kitWords.en), flat(kitWords['zh-CN'])];
  expect(chinese).toHaveLength(english.length);
  // Commands to type are the same in every language but for what is said around them.
  for (const [index, text] of english.entries()) expect(chinese[index]).not.toBe(text);
  for (const text of chinese.filter((word) => typeof word === 'string')) {
    expect(text).toMatch(/\p{Script=Han}/u);
  }
});

test('a plan of any name has a kit that every system can store', () => {
  expect(kitFileName('a/b\\c:d*e?"f<g>h|i\n', 'en')).toBe(
    'Holdfast recovery kit a-b-c-d-e--f-g-h-i-.pdf',
  );
  expect(kitFileName('x'.repeat(500), 'zh-CN').length).toBeLessThan(120);
});
