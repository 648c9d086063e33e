// What was done and what was said: the history, the list of notices, the settings.
import type { Settings } from '../../../shared/model/settings.ts';
import { listRunPage } from '../../jobs/run-page.ts';
import type { AgentParts } from '../agent-parts.ts';
import type { Handlers } from '../serve-calls.ts';

export function createRecordsHandlers({
  engine,
  notices,
  settings,
  emit,
}: AgentParts): Pick<
  Handlers,
  'runs' | 'notices' | 'dismissNotice' | 'settings' | 'changeSettings'
> {
  return {
    runs: async (wish) => listRunPage(engine.history(), wish),
    notices: async () => ({ notices: notices.list() }),
    async dismissNotice({ notice }) {
      notices.dismiss(notice);
      emit({ kind: 'changed', topics: ['notices'] });
      return {};
    },
    settings: async () => settings.read(),
    async changeSettings(part) {
      const changed = await settings.change(withoutGaps(part));
      emit({ kind: 'changed', topics: ['settings'] });
      return changed;
    },
  };
}

/** A field that is there without a value says nothing. */
function withoutGaps(part: { readonly [K in keyof Settings]?: Settings[K] | undefined }) {
  const given = Object.entries(part).filter(([, value]) => value !== undefined);
  return Object.fromEntries(given) as Partial<Settings>;
}
