// How full the battery is, from the system's own tools; Electron does not tell. Null: not known.
import { execFile } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

const LONGEST_LOOK_MS = 10_000;
const linuxSupplies = '/sys/class/power_supply';

/** Never throws and never takes longer than ten seconds. */
export async function batteryPercent(platform: NodeJS.Platform): Promise<number | null> {
  if (platform === 'linux') return linuxPercent(linuxSupplies);
  if (platform === 'darwin')
    return percentIn(await said('/usr/bin/pmset', ['-g', 'batt']), /(\d+)%/u);
  const query = '(Get-CimInstance Win32_Battery).EstimatedChargeRemaining';
  const arguments_ = ['-NoProfile', '-NonInteractive', '-Command', query];
  return percentIn(await said('powershell.exe', arguments_), /^\s*(\d+)\s*$/mu);
}

/** The fullest battery below `folder`, laid out as Linux does. */
export async function linuxPercent(folder: string): Promise<number | null> {
  try {
    const names = (await readdir(folder)).filter((name) => /^(BAT|CMB)/u.test(name));
    const texts = names.map(async (name) => readFile(join(folder, name, 'capacity'), 'utf8'));
    const found = (await Promise.all(texts)).map((text) => percentIn(text, /^(\d+)/u));
    const known = found.filter((percent) => percent !== null);
    return known.length === 0 ? null : Math.max(...known);
  } catch {
    return null;
  }
}

/** A percentage in what a tool said; null: none, or none that can be. */
export function percentIn(text: string, pattern: RegExp): number | null {
  const percent = Number(pattern.exec(text)?.[1] ?? Number.NaN);
  return percent >= 0 && percent <= 100 ? percent : null;
}

async function said(program: string, arguments_: readonly string[]): Promise<string> {
  return new Promise((resolve) => {
    const options = { timeout: LONGEST_LOOK_MS, windowsHide: true };
    execFile(program, arguments_, options, (error, stdout) =>
      resolve(error === null ? stdout : ''),
    );
  });
}
