// The agent as a utility process. What it writes to stderr, which is nothing as long as all is well, goes into the log.
import { utilityProcess } from 'electron';
import type { AgentChild } from './agent-process.ts';
import type { ErrorLog } from './error-log.ts';

export function startAgentChild(file: string, log: ErrorLog): AgentChild {
  const child = utilityProcess.fork(file, [], {
    serviceName: 'Holdfast',
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  child.stderr?.on('data', (text: Buffer) => log('the agent said', text.toString('utf8').trim()));
  return child;
}
