// Every state of every screen in a real Chromium: both languages; light, dark and high contrast; normal and smallest size.
// axe finds nothing, nothing sticks out, the policy of the page refuses nothing. Pictures go to test-results/screens to be
// looked at.
import { AxeBuilder } from '@axe-core/playwright';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { en } from '../../renderer/text/en/words.ts';
import { locales, type Locale } from '../../shared/text/locale.ts';
import { screenStates } from '../ui/states/screen-states.ts';
import { findOverflows } from './find-overflows.ts';
import { openScreen, startChromium } from './open-screen.ts';
import { lengthenAll } from './pseudo-words.ts';

const pictures = fileURLToPath(new URL('../../test-results/screens', import.meta.url));
const sizes = { normal: { width: 1000, height: 700 }, small: { width: 640, height: 400 } } as const;
const { plain, pseudo } = inject('windowFolders');
let browser: Browser;

beforeAll(async () => {
  mkdirSync(pictures, { recursive: true });
  browser = await startChromium();
});
afterAll(async () => browser.close());

/** Runs in the page: a panel that still slides in sticks out. */
function endMotions(): void {
  for (const motion of document.getAnimations()) {
    if (motion.effect?.getComputedTiming().iterations !== Infinity) motion.finish();
  }
}

async function complaintsOfAxe(page: Page): Promise<string[]> {
  // The usual mode opens a page of its own for frames from elsewhere; the window has no frames.
  const { violations } = await new AxeBuilder({ page }).setLegacyMode().analyze();
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' | ')}`);
}

const themes = ['light', 'dark', 'contrast'] as const;

/** What Chromium is told for each. */
const media = {
  light: { colorScheme: 'light', forcedColors: 'none' },
  dark: { colorScheme: 'dark', forcedColors: 'none' },
  contrast: { colorScheme: 'dark', forcedColors: 'active' },
} as const;

type Look = {
  readonly locale: Locale;
  /** `contrast`: the system forces its colours. */
  readonly theme: (typeof themes)[number];
  readonly size: keyof typeof sizes;
};

const all: readonly Look[] = locales.flatMap((locale) =>
  themes.flatMap((theme) =>
    (['normal', 'small'] as const).map((size) => ({ locale, theme, size })),
  ),
);

const isDeep = process.env['HOLDFAST_DEEP'] === '1';
const seed = Number(process.env['HOLDFAST_SEED'] ?? 0);

/**
 * All twelve in the deep run, else one; a state keeps its look for a seed, and has another one for the next. Counted by
 * pairs, for every other state is left out: else half of the looks would never be met.
 */
function looksOf(index: number): readonly Look[] {
  return isDeep ? all : [all[(Math.floor(index / 2) * 5 + seed) % all.length] as Look];
}

const everyCase = screenStates.map((state, index) => [state.name, state, looksOf(index)] as const);
/** The usual run takes every other state; which, the seed says. */
const cases = everyCase.filter((_, index) => isDeep || (index + seed) % 2 === 0);

test('every state has a name of its own', () => {
  expect(new Set(screenStates.map(({ name }) => name)).size).toBe(screenStates.length);
});

/** Every state in the deep run, else every fourth. */
const longer = everyCase.filter((_, index) => isDeep || (index + seed) % 4 === 0);

// Two at a time: a page waits for Chromium's processes most of its time.
describe.concurrent.each(cases)('%s', (name, state, looks) => {
  test('is whole, legible and accessible in every look', async () => {
    await using screen = await openScreen(browser, plain, state, en);
    const { page } = screen;
    const wrong: string[] = [];
    for (const { locale, theme, size } of looks) {
      await screen.speak(locale);
      await page.emulateMedia(media[theme]);
      await page.setViewportSize(sizes[size]);
      await page.evaluate(endMotions);
      const look = `${locale}-${theme}-${size}`;
      await page.screenshot({ path: join(pictures, `${name}-${look}.png`) });
      const found = [...(await complaintsOfAxe(page)), ...(await page.evaluate(findOverflows))];
      wrong.push(...found.map((text) => `${look}: ${text}`));
    }
    expect([...wrong, ...screen.complaints]).toEqual([]);
  });
});

describe.concurrent('in a language with words 40 % longer', () => {
  test.each(longer)('%s overflows nowhere', async (_, state) => {
    await using screen = await openScreen(browser, pseudo, state, lengthenAll<typeof en>(en));
    const wrong: string[] = [];
    for (const viewport of Object.values(sizes)) {
      await screen.page.setViewportSize(viewport);
      await screen.page.evaluate(endMotions);
      wrong.push(...(await screen.page.evaluate(findOverflows)));
    }
    expect(wrong).toEqual([]);
  });
});
