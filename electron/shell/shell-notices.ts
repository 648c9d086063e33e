// Notices of the shell itself, for what the agent cannot say: that it keeps ending, that the start at sign-in is off.
// The window sees one list: these are put to the agent's own on the way.
import { contract, type AgentCallName, type AppEvent } from '../../shared/ipc/contract.ts';
import type { Reply } from '../../shared/ipc/messages.ts';
import type { AppNotice, AppNoticeFact } from '../../shared/model/app-notice.ts';

export interface ShellNotices {
  /** Says it once until it is dismissed or no longer true. */
  add(fact: AppNoticeFact, opens: AppNotice['opens']): void;
  /** It is no longer true. */
  drop(kind: AppNoticeFact['kind']): void;
  /** Passes a window's call on; answers to `notices` and `dismissNotice` take ours into account. */
  relay(name: AgentCallName, input: unknown): Promise<Reply>;
}

export interface NoticeParts {
  readonly newId: () => string;
  readonly now: () => number;
  readonly toAgent: (name: AgentCallName, input: unknown) => Promise<Reply>;
  readonly emit: (event: AppEvent) => void;
}

export function createShellNotices({ newId, now, toAgent, emit }: NoticeParts): ShellNotices {
  let own: readonly AppNotice[] = [];
  const keep = (isKept: (notice: AppNotice) => boolean): void => {
    const kept = own.filter(isKept);
    if (kept.length === own.length) return;
    own = kept;
    emit({ kind: 'changed', topics: ['notices'] });
  };

  const list = async (input: unknown): Promise<Reply> => {
    const reply = await toAgent('notices', input);
    if (reply.ok) {
      // The agent answers by the contract.
      const { notices } = reply.value as { readonly notices: readonly AppNotice[] };
      return { ok: true, value: { notices: [...own, ...notices] } };
    }
    // Why the agent does not answer must be readable.
    return own.length === 0 ? reply : { ok: true, value: { notices: own } };
  };

  const dismiss = async (input: unknown): Promise<Reply> => {
    const parsed = contract.dismissNotice.input.safeParse(input);
    const id = parsed.success ? parsed.data.notice : undefined;
    const isOwn = own.some((notice) => notice.id === id);
    keep((notice) => id !== null && notice.id !== id);
    return isOwn ? { ok: true, value: {} } : toAgent('dismissNotice', input);
  };

  return {
    add(fact, opens) {
      if (own.some((notice) => notice.fact.kind === fact.kind)) return;
      const notice = { id: newId(), atMs: now(), planId: null, fact, opens };
      own = [notice, ...own];
      emit({ kind: 'notice', notice });
      emit({ kind: 'changed', topics: ['notices'] });
    },
    drop: (kind) => keep((notice) => notice.fact.kind !== kind),
    relay: async (name, input) => {
      if (name === 'notices') return list(input);
      return name === 'dismissNotice' ? dismiss(input) : toAgent(name, input);
    },
  };
}
