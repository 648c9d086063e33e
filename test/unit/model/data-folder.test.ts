import { expect, test } from 'vitest';
import { dataFolder } from '../../../electron/plans/data-folder.ts';

const linux = { platform: 'linux', home: '/home/ann', cwd: '/srv/here', env: {} } as const;
const mac = { ...linux, platform: 'darwin', home: '/Users/ann' } as const;
const windows = {
  platform: 'win32',
  home: 'C:\\Users\\ann',
  cwd: 'D:\\work',
  env: { LOCALAPPDATA: 'C:\\Users\\ann\\AppData\\Local' },
} as const;

test.each([
  [linux, '/home/ann/.local/share/holdfast'],
  [{ ...linux, env: { XDG_DATA_HOME: '/data' } }, '/data/holdfast'],
  [{ ...linux, env: { XDG_DATA_HOME: 'relative' } }, '/home/ann/.local/share/holdfast'],
  [{ ...linux, env: { XDG_DATA_HOME: '' } }, '/home/ann/.local/share/holdfast'],
  [mac, '/Users/ann/Library/Application Support/Holdfast'],
  [windows, 'C:\\Users\\ann\\AppData\\Local\\Holdfast'],
  [{ ...windows, env: {} }, 'C:\\Users\\ann\\AppData\\Local\\Holdfast'],
  [{ ...linux, env: { HOLDFAST_DATA_DIR: '/own' } }, '/own'],
  [{ ...linux, env: { HOLDFAST_DATA_DIR: '/own' }, dataDir: 'sub' }, '/srv/here/sub'],
  [{ ...windows, dataDir: 'data' }, 'D:\\work\\data'],
  [{ ...linux, env: { HOLDFAST_DATA_DIR: '' } }, '/home/ann/.local/share/holdfast'],
])('window and command line find the same plans (%#)', (surroundings, folder) => {
  expect(dataFolder(surroundings)).toBe(folder);
});

test('without anything said it is this process that counts', () => {
  expect(dataFolder({ dataDir: '/explicit' })).toBe('/explicit');
  expect(dataFolder()).toMatch(/holdfast$/iu);
});
