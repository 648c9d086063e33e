// Whether a copy survives the disk of the CRM: never said of a disk that only looks like another one.
import { hostname, networkInterfaces } from 'node:os';
import { expect, test } from 'vitest';
import { areApart } from '../../../electron/jobs/is-on-other-disk.ts';
import { isOwnHost } from '../../../electron/platform/volumes/own-host.ts';
import { volume, type Volume } from '../../../electron/platform/volumes/volume.ts';

const disk = (...disks: string[]): Volume => volume({ folders: ['/x'], kind: 'disk', disks });
const share = (host: string | null): Volume => volume({ folders: ['/s'], kind: 'network', host });
const own = Object.values(networkInterfaces()).flat().at(0)?.address ?? '127.0.0.1';

test.each([
  ['two disks', disk('sda'), disk('sdb'), true],
  ['two partitions of one disk', disk('sda'), disk('sda'), false],
  ['a mirror that has a part on the same disk', disk('sda'), disk('sdb', 'sda'), false],
  ['a disk that nobody can name', disk('sda'), disk(), null],
  ['a folder in memory', disk('sda'), volume({ folders: ['/t'], kind: 'other' }), null],
  ["another computer's share", disk('sda'), share('192.0.2.7'), true],
  ['a share of nobody knows whom', disk('sda'), share(null), true],
  ["this computer's own share, by its name", disk('sda'), share(hostname().toUpperCase()), null],
  [
    "this computer's own share, by a longer name",
    disk('sda'),
    share(`${hostname()}.office.example`),
    null,
  ],
  ["this computer's own share, by its address", disk('sda'), share(own), null],
  ["this computer's own share, as localhost", disk('sda'), share('localhost'), null],
  ['data on a share, copies here', share('192.0.2.7'), disk('sda'), true],
  ['two shares of one server', share('nas'), share('NAS'), null],
  ['shares of two servers', share('192.0.2.7'), share('192.0.2.8'), true],
])('%s', async (_, source, place, expected) => {
  expect(await areApart(source, place)).toBe(expected);
});

test('an address is no name to be shortened', async () => {
  expect(await isOwnHost('192.0.2.7')).toBe(false);
});
