// The shell, put together: agent, window, tray, notices, power, start at sign-in, the end. Called once, when Electron is
// ready. It does no work of its own: the agent does, and goes on without any window.
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { app, dialog } from 'electron';
import { serveWindows } from '../ipc/serve-windows.ts';
import type { AppEvent } from '../../shared/ipc/contract.ts';
import { screenOfNotice } from '../../shared/ipc/screen-of-notice.ts';
import { chooseLocale, type Locale } from '../../shared/text/locale.ts';
import { trayWords } from '../../shared/text/tray-words.ts';
import { actOnTray } from './act-on-tray.ts';
import { createAgentProcess } from './agent-process.ts';
import { appOrigin } from './app-address.ts';
import { crashHtml } from './crash-page.ts';
import { showOnDesktop } from './desktop-notice.ts';
import type { ErrorLog } from './error-log.ts';
import { createSettingsFollower } from './follow-settings.ts';
import { denyEverything } from './harden.ts';
import { hasTray } from './has-tray.ts';
import { createMainHandlers, type ShellFacts } from './main-handlers.ts';
import { isOwnWindow, openWindow, windowIcon } from './open-window.ts';
import { makeSessionEar, watchSessionEnd } from './session-end.ts';
import { planDesktopNotice } from './plan-desktop-notice.ts';
import { backgroundFlag, isBackgroundStart } from './plan-sign-in-start.ts';
import { planTrayMenu, type TrayPlan } from './plan-tray-menu.ts';
import { planWindowClose } from './plan-window-close.ts';
import { tellPower, watchPower } from './power.ts';
import { watchQuit } from './quit.ts';
import { TOO_MANY_DEATHS } from './restart-delay.ts';
import { doFavour } from './do-favour.ts';
import { serveAppFiles } from './serve-app-files.ts';
import { createShellNotices } from './shell-notices.ts';
import { createShellState } from './shell-state.ts';
import { startAgentChild } from './start-agent-child.ts';
import { openTray, type TrayIcon } from './tray.ts';
import { watchTray } from './watch-tray.ts';
import { createWindowKeeper } from './window-keeper.ts';

export interface ShellParts {
  /** Where main, preload and agent lie built, with the icons. */
  readonly builtFolder: string;
  readonly version: string;
  readonly now: () => number;
  readonly monotonicMs: () => number;
  readonly log: ErrorLog;
  readonly write: ShellFacts['write'];
}

/** Texts like "12 minutes ago" grow old. */
const REDRAW_MS = 60_000;
/** Time alone turns a light; the agent tells changes. */
const LOOK_AGAIN_MS = 5 * 60_000;

const after = (ms: number, action: () => void): (() => void) => {
  const timer = setTimeout(action, ms);
  return () => clearTimeout(timer);
};
const zone = (): string => Intl.DateTimeFormat().resolvedOptions().timeZone;

export async function runShell(parts: ShellParts): Promise<void> {
  const { builtFolder, log, now } = parts;
  const icons = join(builtFolder, 'icons');
  const systemLocale = chooseLocale(app.getPreferredSystemLanguages());
  let tray: TrayIcon | null = null;

  const locale = (): Locale => {
    const { language } = state.settings();
    return language === 'system' ? systemLocale : language;
  };

  const agent = createAgentProcess({
    start: () => startAgentChild(join(builtFolder, 'agent.js'), log),
    monotonicMs: parts.monotonicMs,
    after,
    onEvent: (event) => hear(event),
    doFavour,
    // Asked when everything below is there.
    onStart: () => void Promise.resolve().then(learn),
    onDeath: ({ code, recent }) => {
      log('the agent ended', `exit code ${code}, ${recent} times in ten minutes`);
      state.forget();
      keeper.tell({ kind: 'jobs', jobs: [] });
      if (recent >= TOO_MANY_DEATHS) {
        notices.add({ kind: 'agent-keeps-ending', times: recent }, 'home');
      }
    },
    onSteady: () => notices.drop('agent-keeps-ending'),
  });
  const state = createShellState({
    ask: async (name, input) => agent.call(name, input),
    onChange: () => show(),
    onFailure: (question, error) => log(`${question} could not be asked`, error),
  });
  const notices = createShellNotices({
    newId: () => randomBytes(16).toString('hex'),
    now,
    toAgent: async (name, input) => agent.relay(name, input),
    emit: (event) => hear(event),
  });
  const quitting = watchQuit({ agent, jobs: () => state.jobs(), locale, log });
  const keeper = createWindowKeeper({
    make: (callbacks) =>
      openWindow(
        {
          preload: join(builtFolder, 'preload.cjs'),
          icon: windowIcon(icons),
          hasMenu: tray === null,
          monotonicMs: parts.monotonicMs,
          log,
        },
        callbacks,
      ),
    after,
    planClose: () =>
      planWindowClose({
        isQuitting: quitting.isQuitting(),
        hasTray: tray !== null,
        platform: process.platform,
        isTrayExplained: state.settings().isTrayExplained,
      }),
    explain: () => {
      const words = trayWords[locale()].stillRunning;
      const isShown = showOnDesktop(words, () => keeper.open(null));
      if (!isShown) void dialog.showMessageBox({ message: words.title, detail: words.body });
      void agent.relay('changeSettings', { isTrayExplained: true });
    },
  });

  /** A new agent is asked for everything, and so is every window. */
  async function learn(): Promise<void> {
    await state.refresh();
    await tellPower(agent);
    keeper.tell({ kind: 'changed', topics: ['overview', 'runs', 'notices', 'settings'] });
  }

  function hear(event: AppEvent): void {
    state.hear(event);
    keeper.tell(event);
    if (event.kind !== 'notice') return;
    const allowed = state.settings().notices;
    const words = planDesktopNotice(event.notice, allowed, locale(), zone());
    if (words !== null) showOnDesktop(words, () => keeper.open(screenOfNotice(event.notice)));
  }

  const follower = createSettingsFollower({
    notices,
    log,
    onSignInStart: () => keeper.tell({ kind: 'changed', topics: ['settings'] }),
  });

  function plan(): TrayPlan {
    const setting = { locale: locale(), zone: zone(), nowMs: now() };
    return planTrayMenu(state.overview(), state.jobs(), setting);
  }

  function show(): void {
    tray?.draw(plan());
    const settings = state.areSettingsKnown() ? state.settings() : null;
    follower.follow(settings, locale(), tray !== null);
  }

  denyEverything();
  serveAppFiles(join(builtFolder, '../renderer'), () => crashHtml(locale()));
  serveWindows({
    origin: appOrigin,
    isOwnWindow,
    relay: async (name, input) => notices.relay(name, input),
    handlers: createMainHandlers({
      version: parts.version,
      systemLocale,
      locale,
      zone,
      hasTray: () => tray !== null,
      signInStart: follower.signInStart,
      holdWindow: (isHeld) => keeper.hold(isHeld),
      write: parts.write,
    }),
  });
  watchPower(agent, () => quitting.endSession());
  watchSessionEnd(process.platform, makeSessionEar, () => quitting.endSession()).catch(
    (error: unknown) => log('the end of the session cannot be heard', error),
  );
  app.on('second-instance', (_, argv) => {
    if (!argv.includes(backgroundFlag)) keeper.open(null);
  });
  app.on('activate', () => keeper.open(null));
  // The app lives without a window.
  app.on('window-all-closed', () => undefined);
  await watchTray({
    look: async () => hasTray(process.platform, process.env['HOLDFAST_TRAY']),
    open: () => {
      tray = openTray(icons, plan(), (action) => actOnTray({ agent, keeper, now, zone }, action));
      if (tray === null) return false;
      show();
      // A window that is there already says how the app can be found.
      keeper.tell({ kind: 'changed', topics: ['settings'] });
      return true;
    },
    after: (ms, action) => void setTimeout(action, ms).unref(),
  });
  show();
  setInterval(() => show(), REDRAW_MS).unref();
  setInterval(() => void state.refresh(), LOOK_AGAIN_MS).unref();
  const wasOpenedAtLogin =
    process.platform === 'darwin' && app.getLoginItemSettings().wasOpenedAtLogin;
  if (!isBackgroundStart(process.platform, process.argv, wasOpenedAtLogin)) keeper.open(null);
}
