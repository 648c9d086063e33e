import { expect, test } from 'vitest';
import { createShellNotices } from '../../../electron/shell/shell-notices.ts';
import type { AppEvent } from '../../../shared/ipc/contract.ts';
import type { Reply } from '../../../shared/ipc/messages.ts';
import type { AppNotice } from '../../../shared/model/app-notice.ts';

const hex = (digit: number): string => String(digit).repeat(32);
const ofAgent: AppNotice = {
  id: hex(9),
  atMs: 1,
  planId: null,
  fact: { kind: 'key-needed', plan: 'Office' },
  opens: 'home',
};
const gone: Reply = { ok: false, failure: { code: 'agent-gone' } };

function setUp() {
  const events: AppEvent[] = [];
  const asked: (readonly [string, unknown])[] = [];
  const agent = { reply: { ok: true, value: { notices: [ofAgent] } } as Reply };
  let ids = 0;
  const notices = createShellNotices({
    newId: () => hex((ids += 1)),
    now: () => 5,
    toAgent: async (name, input) => {
      asked.push([name, input]);
      return agent.reply;
    },
    emit: (event) => events.push(event),
  });
  const kinds = async () => {
    const reply = await notices.relay('notices', {});
    if (!reply.ok) return reply.failure.code;
    return (reply.value as { notices: AppNotice[] }).notices.map(({ fact }) => fact.kind);
  };
  return { notices, events, asked, agent, kinds };
}

test('the list holds the notices of the agent and of the shell; each of the shell is said once', async () => {
  const { notices, events, kinds } = setUp();
  expect(await kinds()).toEqual(['key-needed']);
  notices.add({ kind: 'agent-keeps-ending', times: 5 }, 'home');
  notices.add({ kind: 'agent-keeps-ending', times: 6 }, 'home');
  expect(await kinds()).toEqual(['agent-keeps-ending', 'key-needed']);
  expect(events.map(({ kind }) => kind)).toEqual(['notice', 'changed']);
});

test('that the agent keeps ending can be read while it is gone', async () => {
  const { notices, agent, kinds } = setUp();
  agent.reply = gone;
  expect(await kinds()).toBe('agent-gone');
  notices.add({ kind: 'agent-keeps-ending', times: 5 }, 'home');
  expect(await kinds()).toEqual(['agent-keeps-ending']);
});

test('dismissing one takes that one, dismissing all takes all, wherever they came from', async () => {
  const { notices, asked, kinds } = setUp();
  notices.add({ kind: 'agent-keeps-ending', times: 5 }, 'home');
  notices.add({ kind: 'sign-in-start-off' }, 'settings');
  expect(await notices.relay('dismissNotice', { notice: hex(1) })).toEqual({ ok: true, value: {} });
  expect(asked).toEqual([]);
  expect(await kinds()).toEqual(['sign-in-start-off', 'key-needed']);
  await notices.relay('dismissNotice', { notice: hex(9) });
  expect(asked.at(-1)).toEqual(['dismissNotice', { notice: hex(9) }]);
  await notices.relay('dismissNotice', { notice: null });
  expect(asked.at(-1)).toEqual(['dismissNotice', { notice: null }]);
  expect(await kinds()).toEqual(['key-needed']);
});

test('nonsense dismisses nothing', async () => {
  const { notices, kinds } = setUp();
  notices.add({ kind: 'sign-in-start-off' }, 'settings');
  for (const input of [undefined, null, {}, { notice: 7 }, { notice: 'x' }]) {
    await notices.relay('dismissNotice', input);
  }
  expect(await kinds()).toEqual(['sign-in-start-off', 'key-needed']);
});

test('what is no longer true goes by itself', async () => {
  const { notices, events, kinds } = setUp();
  notices.add({ kind: 'sign-in-start-off' }, 'settings');
  notices.drop('sign-in-start-off');
  expect(await kinds()).toEqual(['key-needed']);
  expect(events.at(-1)).toEqual({ kind: 'changed', topics: ['notices'] });
});
