/** A disk that was found and then answers nothing: what asks about it goes on after three seconds. */
import { stat, statfs } from 'node:fs/promises';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { isOnOtherDisk } from '../../../electron/jobs/is-on-other-disk.ts';
import { roomAt } from '../../../electron/jobs/sight-vault.ts';

vi.mock(import('node:fs/promises'), async (original) => ({
  ...(await original()),
  stat: vi.fn(),
  statfs: vi.fn(),
}));

beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }));
afterEach(() => void vi.useRealTimers());

/** What `work` has come to after so long; `waits`: nothing yet. */
async function after<T>(ms: number, work: Promise<T>): Promise<T | 'waits'> {
  await vi.advanceTimersByTimeAsync(ms);
  return Promise.race([work, Promise.resolve('waits' as const)]);
}

test('its room is not told', async () => {
  vi.mocked(statfs).mockReturnValue(new Promise(() => undefined));
  const room = roomAt('/share');
  expect(await after(2999, room)).toBe('waits');
  expect(await after(1, room)).toBe('not-told');
});

test('whether it is another disk than the CRM’s: it is away, whichever of them hangs', async () => {
  const hang = new Promise<never>(() => undefined);
  for (const dead of ['/share', '/crm']) {
    vi.mocked(stat).mockImplementation(async (path) =>
      path === dead ? hang : ({ dev: 1 } as Awaited<ReturnType<typeof stat>>),
    );
    const answer = isOnOtherDisk('/crm', '/share');
    expect(await after(2999, answer)).toBe('waits');
    expect(await after(1, answer)).toBe('away');
  }
});
