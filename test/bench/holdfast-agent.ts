/** The built agent, started as the desktop app starts it: its vault stays open from one call to the next. */
import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { contract, type CallInput, type CallOutput } from '../../shared/ipc/contract.ts';
import type { Response } from '../../shared/ipc/messages.ts';
import type { HoldfastSession } from './holdfast-alone.ts';
import { holdfast, holdfastCommand } from './holdfast.ts';

const builtAgent = fileURLToPath(new URL('../../dist/electron/agent.js', import.meta.url));

/** Starts an agent on the vault of `folder`. */
export const openAgentSession = (folder: string): Promise<HoldfastSession> => {
  const { env = {} } = holdfastCommand(folder, []);
  const agent = fork(builtAgent, [], { env: { ...process.env, ...env } });
  const waiting = new Map<number, (response: Response & { kind: 'reply' }) => void>();
  let lastId = 0;
  agent.on('message', (response: Response) => {
    if (response.kind === 'reply') waiting.get(response.id)?.(response);
  });
  const backup = async (input: CallInput<'backup'>): Promise<CallOutput<'backup'>> => {
    const id = ++lastId;
    const { reply } = await new Promise<Response & { kind: 'reply' }>((resolve) => {
      waiting.set(id, resolve);
      agent.send({ kind: 'call', id, name: 'backup', input });
    });
    waiting.delete(id);
    if (!reply.ok) throw new Error(`the agent failed: ${JSON.stringify(reply.failure)}`);
    return contract.backup.output.parse(reply.value);
  };
  return Promise.resolve({
    async backup(source, how) {
      const { sources } = await backup({
        place: holdfast.repository(folder),
        sources: [source],
        kind: 'auto',
        forceScan: how === 'scan',
        readBack: false,
      });
      const [first] = sources;
      if (first === undefined) throw new Error('the backup has no source');
      return { method: first.method, changedPages: first.changedPages ?? 0 };
    },
    async [Symbol.asyncDispose]() {
      const gone = new Promise((resolve) => agent.once('exit', resolve));
      agent.disconnect();
      await gone;
    },
  });
};
