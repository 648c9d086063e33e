// What the agent does for each call of the contract, by topic.
import { createBringBackHandlers } from './handlers/bring-back.ts';
import { createHomeHandlers } from './handlers/home.ts';
import { createRecordsHandlers } from './handlers/records.ts';
import { createSetupHandlers } from './handlers/setup.ts';
import { createWorkHandlers } from './handlers/work.ts';
import type { AgentParts } from './agent-parts.ts';
import type { Handlers } from './serve-calls.ts';

/** `end` is called after the reply to `close` is on its way. */
export function createAgentHandlers(parts: AgentParts, end: () => void): Handlers {
  const setup = createSetupHandlers(parts);
  return {
    ...createHomeHandlers(parts),
    ...createWorkHandlers(parts),
    ...setup,
    async unlock(input, context) {
      const answer = await setup.unlock(input, context);
      parts.scheduler.nudge();
      return answer;
    },
    ...createBringBackHandlers(parts),
    ...createRecordsHandlers(parts),
    async close() {
      setImmediate(end);
      return {};
    },
  };
}
