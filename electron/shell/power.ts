// Tells the agent what happens to the computer: sleep, waking, battery, the end of the session. The agent's schedule does
// not depend on any of it; it only gets to know sooner.
import { powerMonitor } from 'electron';
import type { AgentProcess } from './agent-process.ts';
import { batteryPercent } from './battery-percent.ts';

/** Its charge changes slowly. */
const BATTERY_LOOK_MS = 5 * 60_000;

/** From now on. `onShutdown`: the system goes down and waits a moment for us. */
export function watchPower(agent: AgentProcess, onShutdown: () => void): void {
  const tell = (name: 'suspend' | 'wake'): void => void agent.relay(name, {});
  powerMonitor.on('suspend', () => tell('suspend'));
  powerMonitor.on('resume', () => tell('wake'));
  powerMonitor.on('unlock-screen', () => tell('wake'));
  powerMonitor.on('on-battery', () => void tellPower(agent));
  powerMonitor.on('on-ac', () => void tellPower(agent));
  powerMonitor.on('shutdown', (...given: unknown[]) => {
    // Electron hands an event over that its types do not show; preventing it delays the end.
    const [event] = given as { preventDefault?: () => void }[];
    event?.preventDefault?.();
    onShutdown();
  });
  setInterval(() => {
    if (powerMonitor.onBatteryPower) void tellPower(agent);
  }, BATTERY_LOOK_MS).unref();
}

/** How it is now; also for an agent that has just started. */
export async function tellPower(agent: AgentProcess): Promise<void> {
  const onBattery = powerMonitor.onBatteryPower;
  const percent = onBattery ? await batteryPercent(process.platform) : null;
  await agent.relay('power', { onBattery, percent });
}
