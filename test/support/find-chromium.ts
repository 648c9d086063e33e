/** Where this computer has a chromium: HOLDFAST_CHROMIUM, or the usual places. */
import { existsSync } from 'node:fs';

const places = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge',
  String.raw`C:\Program Files\Google\Chrome\Application\chrome.exe`,
  String.raw`C:\Program Files (x86)\Microsoft\Edge\Application\msedge.exe`,
];

/** Throws in words for people when there is none. */
export function findChromium(): string {
  const path = process.env['HOLDFAST_CHROMIUM'] ?? places.find((place) => existsSync(place));
  if (path !== undefined) return path;
  throw new Error('No chromium was found. Install one, or name it in HOLDFAST_CHROMIUM.');
}
