// Where a notice leads, from the desktop as from the list in the window: to its screen, with what it tells of.
import type { AppNotice } from '../model/app-notice.ts';
import type { Screen } from './contract.ts';

export function screenOfNotice({ opens, planId, fact }: AppNotice): Screen {
  switch (opens) {
    case 'home':
    case 'settings':
      return { kind: opens };
    case 'history':
      return { kind: 'history', run: 'run' in fact ? fact.run : null };
    case 'bring-back':
      return { kind: 'bring-back', plan: planId };
  }
}
