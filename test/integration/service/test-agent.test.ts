// The in-process agent itself: a call reaches a real engine, and its failures come back as such.
import { expect, test } from 'vitest';
import { openTestAgent } from '../../support/open-test-agent.ts';

test('calls are answered by the real handlers', async () => {
  const agent = await openTestAgent();
  expect(await agent.call('status', {})).toEqual({ plans: [] });
  await expect(agent.call('runPlan', { plan: 'x' })).rejects.toMatchObject({
    failure: { code: 'usage' },
  });
});
