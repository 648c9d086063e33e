// The agent as an entry starts it: parts put together, calls served, the schedule kept. Clock, channel and secrets come
// from the entry, so that a test can start the same agent on a clock of its own.
// Promise: it ends when told to and when its parent is gone; what runs then is recorded as interrupted, and caught up.
import type { Notice } from '../../shared/model/notice.ts';
import { watchOwedActions } from '../jobs/actions/watch-owed-actions.ts';
import { openEngine, type EngineOptions } from '../jobs/engine.ts';
import { finishAllInterruptedRestores } from '../jobs/finish-interrupted-restores.ts';
import { answerSchema, type Request } from '../../shared/ipc/messages.ts';
import { createAgentHandlers } from './agent-handlers.ts';
import { openAgentParts, stopAgentParts, type AgentParts } from './agent-parts.ts';
import type { ParentChannel } from './parent-channel.ts';
import { serveCalls, type CallServer } from './serve-calls.ts';

export interface AgentOptions extends Omit<EngineOptions, 'notify'> {
  readonly channel: ParentChannel;
  /** What the shell answers to favours; at once, for the start itself may wait for one. */
  readonly hearAnswer: (answer: Answer) => void;
}

type Answer = Extract<Request, { kind: 'answer' }>;

/** Resolves when it serves calls and keeps the schedule. */
export async function startAgent({ channel, hearAnswer, ...options }: AgentOptions): Promise<void> {
  // What is said before there is a list of notices waits for it.
  const early: Notice[] = [];
  let say = (notice: Notice): void => void early.push(notice);
  const engine = openEngine({ ...options, notify: (notice) => say(notice) });
  const opening = open();
  let isEnding = false;

  async function open(): Promise<{ readonly parts: AgentParts; readonly server: CallServer }> {
    const parts = await openAgentParts(engine, (event) => channel.send({ kind: 'event', event }));
    say = (notice) =>
      parts.news.say({ planId: null, fact: { kind: 'said', notice }, opens: 'home' });
    early.forEach((notice) => say(notice));
    const handlers = createAgentHandlers(parts, () => void end());
    const server = serveCalls(handlers, channel.send);
    // Calls wait for it: nothing may look at a half state.
    await finishAllInterruptedRestores(engine);
    return { parts, server };
  }

  async function end(): Promise<void> {
    if (isEnding) return;
    isEnding = true;
    const { parts, server } = await opening;
    await stopAgentParts(parts);
    await server.cancelAll();
    await engine[Symbol.asyncDispose]();
    channel.close();
  }

  channel.open(
    (message) => {
      const answer = answerSchema.safeParse(message);
      if (answer.success) hearAnswer(answer.data);
      else void opening.then(({ server }) => server.receive(message));
    },
    () => void end(),
  );
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => void end());
  const { parts } = await opening;
  // Beside the calls, which it may keep waiting for minutes; backups of the same plan wait by themselves.
  const watch = watchOwedActions(engine);
  engine.atEnd(async () => watch[Symbol.asyncDispose]());
  if (!isEnding) parts.scheduler.start();
}
