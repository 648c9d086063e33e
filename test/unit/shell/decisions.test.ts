import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { linuxPercent, percentIn } from '../../../electron/shell/battery-percent.ts';
import { planAfterCrash, RAN_WELL_MS } from '../../../electron/shell/plan-crash.ts';
import { planDesktopNotice } from '../../../electron/shell/plan-desktop-notice.ts';
import { workThatEnds } from '../../../electron/shell/plan-quit.ts';
import {
  autostartFile,
  isBackgroundStart,
  linuxEntry,
  macEntry,
  planSignInStart,
  windowsEntry,
} from '../../../electron/shell/plan-sign-in-start.ts';
import { planWindowClose } from '../../../electron/shell/plan-window-close.ts';
import { hasTray } from '../../../electron/shell/has-tray.ts';
import type { AppNotice, AppNoticeFact } from '../../../shared/model/app-notice.ts';
import { screenOfNotice } from '../../../shared/ipc/screen-of-notice.ts';
import { asId, type JobId, type PlanId, type RunId } from '../../../shared/model/ids.ts';
import type { Job } from '../../../shared/model/job.ts';
import { makeTemporaryFolder } from '../../support/temporary-folder.ts';

describe('closing the window', () => {
  const setting = { isQuitting: false, hasTray: true, platform: 'win32', isTrayExplained: true };
  test.each([
    ['hides it to the tray', {}, { kind: 'hide', explain: false }],
    ['says once where it went', { isTrayExplained: false }, { kind: 'hide', explain: true }],
    ['minimises it where no tray is', { hasTray: false }, { kind: 'minimise' }],
    ['keeps it in the dock', { hasTray: false, platform: 'darwin' }, { kind: 'hide' }],
    ['ends it when the app ends', { isQuitting: true, hasTray: false }, { kind: 'close' }],
  ] as const)('%s', (_, change, plan) => {
    const asked = { ...setting, ...change } as Parameters<typeof planWindowClose>[0];
    expect(planWindowClose(asked)).toMatchObject(plan);
  });
});

describe('the start at sign-in', () => {
  test.each([
    // wants, packaged, entry -> change, state
    [true, false, 'absent', null, 'not-packaged'],
    [false, false, 'good', null, 'not-packaged'],
    [true, true, 'absent', 'add', 'on'],
    [true, true, 'stale', 'add', 'on'],
    [true, true, 'good', null, 'on'],
    [true, true, 'switched-off', null, 'switched-off-by-system'],
    [false, true, 'absent', null, 'off'],
    [false, true, 'good', 'remove', 'off'],
    [false, true, 'stale', 'remove', 'off'],
    [false, true, 'switched-off', 'remove', 'off'],
  ] as const)('wanted %s, packaged %s, entry %s', (wants, isPackaged, entry, change, state) => {
    expect(planSignInStart(wants, isPackaged, entry)).toEqual({ change, state });
  });

  test('what the Task Manager switched off is not an entry that works, nor one that is missing', () => {
    const entry = (openAtLogin: boolean, executableWillLaunchAtLogin: boolean) =>
      windowsEntry({ openAtLogin, executableWillLaunchAtLogin });
    expect([entry(true, true), entry(true, false), entry(false, false)]).toEqual([
      'good',
      'switched-off',
      'absent',
    ]);
    expect(['enabled', 'requires-approval', 'not-registered', 'not-found'].map(macEntry)).toEqual([
      'good',
      'switched-off',
      'absent',
      'absent',
    ]);
  });

  test('an autostart file that the desktop switched off is left alone, an old one is not', () => {
    const due = autostartFile('/opt/holdfast/holdfast');
    expect(linuxEntry(null, due)).toBe('absent');
    expect(linuxEntry(due, due)).toBe('good');
    expect(linuxEntry(`${due}Hidden=true\n`, due)).toBe('switched-off');
    expect(linuxEntry(`${due}X-GNOME-Autostart-enabled=false\n`, due)).toBe('switched-off');
    expect(linuxEntry(autostartFile('/old/holdfast'), due)).toBe('stale');
  });

  test('a program with an odd path is still the one that is started', () => {
    const line = (program: string) => /^Exec=(.*)$/mu.exec(autostartFile(program))?.[1];
    expect(line('/opt/my apps/holdfast')).toBe('"/opt/my apps/holdfast" --background');
    expect(line('/opt/50%/a"b')).toBe(String.raw`"/opt/50%%/a\\"b" --background`);
  });

  test('only the system starts it without a window', () => {
    expect(isBackgroundStart('win32', ['holdfast.exe', '--background'], false)).toBe(true);
    expect(isBackgroundStart('linux', ['holdfast'], false)).toBe(false);
    expect(isBackgroundStart('darwin', ['Holdfast'], true)).toBe(true);
    expect(isBackgroundStart('darwin', ['Holdfast', '--background'], false)).toBe(false);
  });
});

describe('notices on the desktop', () => {
  const all = { problems: true, weekly: true };
  const noticeOf = (fact: AppNoticeFact): AppNotice => ({
    id: '0'.repeat(32),
    atMs: 0,
    planId: null,
    fact,
    opens: 'home',
  });
  const isShown = (fact: AppNoticeFact, allowed = all): boolean =>
    planDesktopNotice(noticeOf(fact), allowed, 'en', 'UTC') !== null;
  const failed = { kind: 'key-needed', plan: 'Office' } as const;
  const fine = { kind: 'all-fine', plans: 1, backups: 2 } as const;

  test('come up for what needs the user, and weekly, unless that was switched off', () => {
    expect([isShown(failed), isShown(fine)]).toEqual([true, true]);
    expect(isShown(failed, { problems: false, weekly: true })).toBe(false);
    expect(isShown(fine, { problems: true, weekly: false })).toBe(false);
    expect(isShown(fine, { problems: false, weekly: true })).toBe(true);
  });

  test('do not come up for what nobody has to act on', () => {
    const said = (notice: Extract<AppNoticeFact, { kind: 'said' }>['notice']) =>
      isShown({ kind: 'said', notice });
    expect(said({ kind: 'restore-waiting', target: '/srv/crm.db' })).toBe(true);
    expect(said({ kind: 'kit-replaced', files: [] })).toBe(false);
    expect(isShown({ kind: 'sign-in-start-off' })).toBe(false);
  });

  test('lead to their screen', () => {
    const planId = asId<PlanId>('1'.repeat(32));
    const notice = { ...noticeOf(failed), planId };
    expect(screenOfNotice({ ...notice, opens: 'bring-back' })).toEqual({
      kind: 'bring-back',
      plan: planId,
    });
    expect(screenOfNotice({ ...notice, opens: 'history' })).toEqual({ kind: 'history', run: null });
    expect(screenOfNotice({ ...notice, opens: 'settings' })).toEqual({ kind: 'settings' });
  });
});

test('a notice about a run leads to that run', () => {
  const run = asId<RunId>('6'.repeat(32));
  const fact = { kind: 'run-partial', run, plan: 'Office', problems: 1 } as const;
  const notice = { id: 'x', atMs: 1, planId: null, fact, opens: 'history' } as const;
  expect(screenOfNotice(notice)).toEqual({ kind: 'history', run });
});

test('a page that crashed is loaded again, unless it crashes again soon', () => {
  expect(planAfterCrash(null, 5)).toBe('load-again');
  expect(planAfterCrash(5, 5 + RAN_WELL_MS - 1)).toBe('say-so');
  expect(planAfterCrash(5, 5 + RAN_WELL_MS)).toBe('load-again');
});

test('quitting asks about work under way, not about work that waits', () => {
  const job = (state: Job['state']): Job => ({
    id: asId<JobId>('3'.repeat(32)),
    kind: 'backup',
    planId: null,
    planName: null,
    origin: 'user',
    state,
    startedAtMs: null,
    progress: null,
  });
  expect(workThatEnds([])).toBeNull();
  expect(workThatEnds([job('waiting')])).toBeNull();
  expect(workThatEnds([job('waiting'), job('running')])?.state).toBe('running');
  expect(workThatEnds([job('stopping')])?.state).toBe('stopping');
});

describe('the battery', () => {
  test('what the systems say', () => {
    expect(percentIn('-InternalBattery-0\t63%; discharging; 4:30', /(\d+)%/u)).toBe(63);
    expect(percentIn('\r\n 87 \r\n', /^\s*(\d+)\s*$/mu)).toBe(87);
    expect(percentIn('', /(\d+)%/u)).toBeNull();
    expect(percentIn('250%', /(\d+)%/u)).toBeNull();
  });

  test('the fullest counts; mice and chargers do not', async () => {
    const folder = await makeTemporaryFolder();
    expect(await linuxPercent(join(folder, 'none'))).toBeNull();
    for (const [name, text] of [
      ['AC', ''],
      ['hidpp_battery_0', '99\n'],
      ['BAT0', '12\n'],
      ['BAT1', '41\n'],
    ] as const) {
      await mkdir(join(folder, name));
      await writeFile(join(folder, name, 'capacity'), text);
    }
    expect(await linuxPercent(folder)).toBe(41);
  });
});

test('a desktop that says the wrong thing about its tray can be told', async () => {
  expect(await hasTray('linux', 'yes')).toBe(true);
  expect(await hasTray('win32', 'no')).toBe(false);
  expect(await hasTray('win32', undefined)).toBe(true);
});
