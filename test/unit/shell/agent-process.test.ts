import { EventEmitter } from 'node:events';
import { expect, test } from 'vitest';
import { createAgentProcess, type AgentChild } from '../../../electron/shell/agent-process.ts';
import { DEATH_WINDOW_MS } from '../../../electron/shell/restart-delay.ts';
import type { AppEvent } from '../../../shared/ipc/contract.ts';
import type { Request, Response } from '../../../shared/ipc/messages.ts';

type Child = AgentChild & EventEmitter & { readonly sent: Request[]; kills: number };

function makeChild(): Child {
  const sent: Request[] = [];
  const child = Object.assign(new EventEmitter(), {
    sent,
    kills: 0,
    postMessage: (message: Request) => void sent.push(message),
    kill: () => void (child.kills += 1),
  });
  return child;
}

/** Children and timers by hand. */
function setUp() {
  const children: Child[] = [];
  type Timer = { readonly ms: number; readonly action: () => void; isCancelled: boolean };
  const timers: Timer[] = [];
  /** Those that wait for an agent to have run long enough. */
  const steadyTimers: Timer[] = [];
  let steady = 0;
  const deaths: number[] = [];
  const events: AppEvent[] = [];
  let nowMs = 0;
  const agent = createAgentProcess({
    start: () => {
      const child = makeChild();
      children.push(child);
      return child;
    },
    monotonicMs: () => nowMs,
    after: (ms, action) => {
      const timer = { ms, action, isCancelled: false };
      (ms === DEATH_WINDOW_MS ? steadyTimers : timers).push(timer);
      return () => void (timer.isCancelled = true);
    },
    onEvent: (event) => events.push(event),
    doFavour: async (favour, text) => (favour === 'seal' ? `sealed ${text}` : null),
    onStart: () => undefined,
    onDeath: ({ recent }) => deaths.push(recent),
    onSteady: () => void (steady += 1),
  });
  const newest = <T>(list: readonly T[]): T => {
    const last = list.at(-1);
    if (last === undefined) throw new Error('there is none');
    return last;
  };
  return {
    agent,
    children,
    timers,
    deaths,
    events,
    child: () => newest(children),
    say: (response: Response) => newest(children).emit('message', response),
    die: () => newest(children).emit('exit', 1),
    restart: () => newest(timers).action(),
    steadyTimers,
    steady: () => steady,
    pass: (ms: number) => (nowMs += ms),
  };
}

test('answers go to the calls that they belong to, in whatever order they come', async () => {
  const { agent, child, say } = setUp();
  const first = agent.relay('overview', {});
  const second = agent.relay('settings', {});
  const [one, two] = child().sent.map((request) => request.id);
  say({ kind: 'reply', id: two ?? 0, reply: { ok: true, value: 'settings' } });
  say({ kind: 'reply', id: one ?? 0, reply: { ok: true, value: 'overview' } });
  expect(await first).toEqual({ ok: true, value: 'overview' });
  expect(await second).toEqual({ ok: true, value: 'settings' });
});

test('a call under which the agent dies fails and says so; the next one after the restart is served', async () => {
  const { agent, child, say, die, restart, children } = setUp();
  const lost = agent.call('overview', {});
  die();
  await expect(lost).rejects.toMatchObject({ failure: { code: 'agent-gone' } });
  expect(await agent.relay('overview', {})).toEqual({ ok: false, failure: { code: 'agent-gone' } });
  restart();
  expect(children).toHaveLength(2);
  const served = agent.relay('overview', {});
  say({ kind: 'reply', id: child().sent[0]?.id ?? 0, reply: { ok: true, value: 1 } });
  expect(await served).toEqual({ ok: true, value: 1 });
});

test('deaths are counted within ten minutes and slow the restart down', () => {
  const { die, restart, timers, deaths, pass } = setUp();
  for (let death = 0; death < 5; death += 1) {
    die();
    restart();
    pass(60_000);
  }
  expect(timers.map(({ ms }) => ms)).toEqual([1_000, 2_000, 5_000, 15_000, 60_000]);
  expect(deaths).toEqual([1, 2, 3, 4, 5]);
  pass(30 * 60_000);
  die();
  expect(timers.at(-1)?.ms).toBe(1_000);
  expect(deaths.at(-1)).toBe(1);
});

test('ending it tells it to close, waits until it is gone, and starts none again', async () => {
  const { agent, child, die, timers, children, deaths } = setUp();
  const ended = agent.end(5_000);
  expect(child().sent).toMatchObject([{ kind: 'call', name: 'close' }]);
  die();
  await ended;
  expect(timers).toMatchObject([{ ms: 5_000, isCancelled: true }]);
  expect([children.length, deaths.length, children[0]?.kills]).toEqual([1, 0, 0]);
});

test('one that does not end in time is killed', async () => {
  const { agent, child, die, timers } = setUp();
  const ended = agent.end(5_000);
  timers[0]?.action();
  expect(child().kills).toBe(1);
  die();
  await ended;
});

test('ending while it waits for its restart ends at once', async () => {
  const { agent, die, timers, children } = setUp();
  die();
  await agent.end(5_000);
  expect(timers[0]?.isCancelled).toBe(true);
  expect(children).toHaveLength(1);
});

test('events are passed on, and favours answered to the one who asked', async () => {
  const { child, say, events } = setUp();
  say({ kind: 'event', event: { kind: 'jobs', jobs: [] } });
  say({ kind: 'ask', id: 7, favour: 'seal', text: 'secret' });
  await Promise.resolve();
  await Promise.resolve();
  expect(events).toEqual([{ kind: 'jobs', jobs: [] }]);
  expect(child().sent).toEqual([{ kind: 'answer', id: 7, value: 'sealed secret' }]);
});

test('one that ran for as long as deaths count is steady; one that died before is not', async () => {
  const { agent, die, restart, steadyTimers, steady } = setUp();
  die();
  expect(steadyTimers.map(({ isCancelled }) => isCancelled)).toEqual([true]);
  restart();
  expect(steadyTimers.map(({ isCancelled }) => isCancelled)).toEqual([true, false]);
  steadyTimers[1]?.action();
  expect(steady()).toBe(1);
  const ended = agent.end(5_000);
  die();
  await ended;
  expect(steadyTimers.at(-1)?.isCancelled).toBe(true);
});
