// What PowerShell says of a Windows PC, in the form that its documentation gives. No Windows was at hand: the listings
// were written by it, property by property.
import { expect, test } from 'vitest';
import { volumeHolding } from '../../../../electron/platform/volumes/volume.ts';
import {
  hostOfUnc,
  parseWindowsVolumes,
} from '../../../../electron/platform/volumes/windows-volumes.ts';

const guid = (digit: string): string => `${digit.repeat(8)}-cbc4-4a6b-9d0c-4fd1aa0b6a66`;
const unique = (digit: string): string => `\\\\?\\Volume{${guid(digit).toUpperCase()}}\\`;

const office = {
  disks: [
    { number: 0, bus: 'NVMe' },
    { number: 1, bus: 'USB' },
    { number: 2, bus: 'File Backed Virtual' },
  ],
  partitions: [
    { disk: 0, paths: [unique('a')] },
    { disk: 0, paths: ['C:\\', unique('c')] },
    { disk: 0, paths: ['D:\\', unique('d')] },
    { disk: 1, paths: ['E:\\', 'C:\\Mounted\\Stick\\', unique('e')] },
    { disk: 2, paths: ['V:\\', unique('f')] },
  ],
  volumes: [
    { id: unique('a'), label: '', letter: '\u0000', type: 'Fixed' },
    { id: unique('c'), label: 'System', letter: 'C', type: 'Fixed' },
    { id: unique('d'), label: 'Data', letter: 'D', type: 'Fixed' },
    { id: unique('e'), label: 'BLUE', letter: 'E', type: 'Fixed' },
    { id: unique('f'), label: 'Image', letter: 'V', type: 'Fixed' },
    { id: unique('b'), label: 'SETUP', letter: 'F', type: 'CD-ROM' },
  ],
  drives: [
    { name: 'C:', type: 3, label: 'System', share: '' },
    { name: 'E:', type: 3, label: 'BLUE', share: '' },
    { name: 'F:', type: 5, label: 'SETUP', share: '' },
    { name: 'S:', type: 4, label: '', share: '\\\\NAS\\office' },
  ],
  parts: [],
  hardware: [],
};
const parsed = (listing: unknown) => parseWindowsVolumes(JSON.stringify(listing)) ?? [];
const at = (path: string, listing: unknown = office) =>
  volumeHolding(path, parsed(listing), 'win32');

test('a stick keeps its identity, whatever its letter', () => {
  expect(at('E:\\copies')).toMatchObject({
    folder: 'E:\\',
    volume: { id: guid('e'), label: 'BLUE', kind: 'removable', disks: ['disk 1'] },
  });
  expect(at('c:/mounted/stick/copies')).toMatchObject({
    folder: 'C:\\Mounted\\Stick\\',
    volume: { id: guid('e') },
  });
});

test('two letters on one disk are one disk, a stick is another, an image is nobody knows which', () => {
  expect(at('C:\\crm.db')?.volume.disks).toEqual(['disk 0']);
  expect(at('D:\\copies')?.volume.disks).toEqual(['disk 0']);
  expect(at('V:\\copies')?.volume.disks).toEqual([]);
});

test('a mapped letter belongs to the computer that serves it', () => {
  expect(at('S:\\copies')?.volume).toMatchObject({ kind: 'network', host: 'NAS', id: null });
});

test('what holds no copies is left out', () => {
  expect(at('F:\\setup.exe')).toBeNull();
  expect(parsed(office).every(({ folders }) => folders.length > 0)).toBe(true);
});

test("where the storage module refuses a plain user, WMI's older classes tell", () => {
  const listing = {
    ...office,
    disks: [],
    partitions: [],
    volumes: [],
    // The words are translated, the numbers are not.
    parts: [
      { drive: 'C:', part: 'Datenträgernr. #0, Partitionsnr. #1' },
      { drive: 'E:', part: 'Datenträgernr. #1, Partitionsnr. #0' },
    ],
    hardware: [
      { number: 0, bus: 'SCSI', media: 'Fixed hard disk media' },
      { number: 1, bus: 'USB', media: 'External hard disk media' },
    ],
  };
  expect(at('E:\\x', listing)?.volume).toMatchObject({
    kind: 'removable',
    disks: ['disk 1'],
    id: null,
    label: 'BLUE',
  });
  expect(at('C:\\x', listing)?.volume).toMatchObject({ kind: 'disk', disks: ['disk 0'] });
});

test.each([
  ['', null],
  ['{"disks":1}', null],
  ['<Objs Version="1.1.0.1"', null],
])('what is no listing is none: %s', (said, expected) =>
  expect(parseWindowsVolumes(said)).toBe(expected),
);

test.each([
  ['\\\\nas\\office\\x', 'nas'],
  ['//nas/office', 'nas'],
  ['\\\\?\\UNC\\nas\\office', 'nas'],
  ['\\\\cloud@SSL@443\\dav\\x', 'cloud'],
  ['\\\\?\\C:\\x', null],
  ['\\\\.\\PhysicalDrive0', null],
  ['C:\\x', null],
])('%s is served by %s', (path, host) => expect(hostOfUnc(path)).toBe(host));
