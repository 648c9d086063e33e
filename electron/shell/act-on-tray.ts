// What a click in the tray's menu does. Nothing is awaited: how it went is in the history, and a notice when it did not.
import { app } from 'electron';
import type { AgentProcess } from './agent-process.ts';
import { pauseUntilMs, type TrayAction } from './plan-tray-menu.ts';
import type { WindowKeeper } from './window-keeper.ts';

export interface TrayParts {
  readonly agent: Pick<AgentProcess, 'relay'>;
  readonly keeper: Pick<WindowKeeper, 'open'>;
  readonly now: () => number;
  readonly zone: () => string;
}

export function actOnTray({ agent, keeper, now, zone }: TrayParts, action: TrayAction): void {
  switch (action.kind) {
    case 'back-up':
      return void agent.relay('runPlan', { plan: action.plan });
    case 'bring-back':
    case 'one-click':
      return keeper.open(action);
    case 'pause': {
      const untilMs = pauseUntilMs(action.length, now(), zone());
      return void agent.relay('pause', { plan: null, untilMs });
    }
    case 'resume':
      return void agent.relay('resume', { plan: null });
    case 'open':
      return keeper.open(null);
    case 'quit':
      return app.quit();
  }
}
