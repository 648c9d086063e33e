// Where a call of the window goes, by the contract: to the agent, to a handler of the shell, or nowhere.
import { contract, type AgentCallName, type MainCallName } from '../../shared/ipc/contract.ts';

export type CallRoute =
  | { readonly kind: 'agent'; readonly name: AgentCallName }
  | { readonly kind: 'main'; readonly name: MainCallName }
  | { readonly kind: 'refused'; readonly why: string };

/** `name` comes from the window and may be anything. */
export function routeCall(name: unknown): CallRoute {
  if (typeof name !== 'string' || !Object.hasOwn(contract, name)) {
    return { kind: 'refused', why: 'no such call' };
  }
  const known = name as AgentCallName | MainCallName;
  const { openTo, servedBy } = contract[known];
  if (openTo !== 'window') return { kind: 'refused', why: `${name} is not open to a window` };
  return servedBy === 'agent'
    ? { kind: 'agent', name: known as AgentCallName }
    : { kind: 'main', name: known as MainCallName };
}
