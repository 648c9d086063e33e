// What diskutil and mount say of a Mac, in the form of Apple's tools. No Mac was at hand: the listings follow published
// output, key by key.
import { expect, test } from 'vitest';
import {
  parseMacMounts,
  parseMacVolumes,
} from '../../../../electron/platform/volumes/mac-volumes.ts';
import { parsePlist } from '../../../../electron/platform/volumes/parse-plist.ts';
import { volumeHolding } from '../../../../electron/platform/volumes/volume.ts';

const plist = (disks: string): string => `<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
<plist version="1.0"><dict>
  <key>AllDisks</key><array><string>disk0</string><string>disk0s2</string></array>
  <key>AllDisksAndPartitions</key><array>${disks}</array>
  <key>VolumesFromDisks</key><array/>
</dict></plist>`;
const internal = `<dict><key>Content</key><string>GUID_partition_scheme</string><key>DeviceIdentifier</key><string>disk0</string>
  <key>OSInternal</key><false/><key>Partitions</key><array>
    <dict><key>Content</key><string>EFI</string><key>DeviceIdentifier</key><string>disk0s1</string><key>Size</key><integer>314572800</integer></dict>
    <dict><key>Content</key><string>Apple_APFS</string><key>DeviceIdentifier</key><string>disk0s2</string></dict>
  </array><key>Size</key><integer>500277792768</integer></dict>`;
const container = `<dict><key>APFSPhysicalStores</key><array><dict><key>DeviceIdentifier</key><string>disk0s2</string></dict></array>
  <key>APFSVolumes</key><array>
    <dict><key>DeviceIdentifier</key><string>disk3s1</string><key>OSInternal</key><false/><key>VolumeName</key><string>Macintosh HD</string>
      <key>MountedSnapshots</key><array><dict><key>SnapshotMountPoint</key><string>/</string></dict></array>
      <key>VolumeUUID</key><string>11111111-2222-3333-4444-555555555555</string></dict>
    <dict><key>DeviceIdentifier</key><string>disk3s5</string><key>MountPoint</key><string>/System/Volumes/Data</string><key>OSInternal</key><false/><key>VolumeName</key><string>Data</string><key>VolumeUUID</key><string>AAAAAAAA-2222-3333-4444-555555555555</string></dict>
    <dict><key>DeviceIdentifier</key><string>disk3s4</string><key>MountPoint</key><string>/System/Volumes/Preboot</string><key>OSInternal</key><true/><key>VolumeName</key><string>Preboot</string></dict>
  </array><key>DeviceIdentifier</key><string>disk3</string><key>OSInternal</key><false/></dict>`;
const stick = `<dict><key>DeviceIdentifier</key><string>disk4</string><key>OSInternal</key><false/><key>Partitions</key><array>
    <dict><key>DeviceIdentifier</key><string>disk4s1</string><key>MountPoint</key><string>/Volumes/BLUE &amp; Co</string>
      <key>VolumeName</key><string>BLUE &amp; Co</string><key>VolumeUUID</key><string>BBBBBBBB-2222-3333-4444-555555555555</string></dict>
  </array></dict>`;
const image = `<dict><key>DeviceIdentifier</key><string>disk5</string><key>OSInternal</key><false/><key>MountPoint</key><string>/Volumes/Image</string><key>VolumeName</key><string>Image</string></dict>`;
const mounts = [
  '/dev/disk3s1s1 on / (apfs, sealed, local, read-only, journaled)',
  '/dev/disk3s5 on /System/Volumes/Data (apfs, local, journaled, nobrowse)',
  '/dev/disk4s1 on /Volumes/BLUE & Co (exfat, local, nodev, nosuid, read-only, noowners)',
  '//anna@NAS._smb._tcp.local/office on /Volumes/office (smbfs, nodev, nosuid, mounted by anna)',
  'server.lan:/export on /Volumes/nfs (nfs, nodev, nosuid)',
  'map auto_home on /System/Volumes/Data/home (autofs, automounted, nobrowse)',
  'sshfs on /Volumes/box (macfuse, synchronous)',
].join('\n');

const volumes = parseMacVolumes({
  all: plist(internal + container + stick + image),
  external: plist(stick),
  physical: plist(internal + stick),
  mounts,
});
const at = (path: string) => volumeHolding(path, volumes ?? [], 'darwin')?.volume;

test('a volume of a container lies on the disk of its store', () => {
  expect(at('/Users/anna/crm.db')).toMatchObject({
    disks: ['disk0'],
    kind: 'disk',
    label: 'Macintosh HD',
  });
  expect(at('/System/Volumes/Data/crm')).toMatchObject({ disks: ['disk0'], isForSystem: false });
  expect(at('/System/Volumes/Preboot/x')).toMatchObject({ isForSystem: true });
});

test('a stick can be pulled out and keeps its identity', () => {
  expect(at('/volumes/blue & co/copies')).toMatchObject({
    kind: 'removable',
    id: 'bbbbbbbb-2222-3333-4444-555555555555',
    label: 'BLUE & Co',
    disks: ['disk4'],
    isReadOnly: true,
  });
});

test('an image is no disk of its own', () =>
  expect(at('/Volumes/Image/x')).toMatchObject({ kind: 'disk', disks: [] }));

test('shares belong to the computer that serves them; what FUSE shows may lie anywhere', () => {
  expect(at('/Volumes/office/x')).toMatchObject({ kind: 'network', host: 'NAS', label: 'office' });
  expect(at('/Volumes/nfs/x')).toMatchObject({ kind: 'network', host: 'server.lan' });
  expect(at('/Volumes/box/x')).toMatchObject({ kind: 'other', host: null });
});

test('what is no listing is none', () => {
  expect(parseMacVolumes({ all: '', external: '', physical: '', mounts })).toBeNull();
  expect(parseMacMounts('something else')).toEqual([]);
});

test('property lists are read whole', () => {
  const xml =
    '<plist version="1.0"><dict><key>a</key><array><integer>-3</integer><real>1.5</real><true/></array>' +
    '<key>b</key><dict/><key>c</key><string/><key>&lt;d&#x21;</key><string>x &amp; y\nz</string><key>e</key><date>2026-01-01T00:00:00Z</date></dict></plist>';
  expect(parsePlist(xml)).toEqual({
    a: [-3, 1.5, true],
    b: {},
    c: '',
    '<d!': 'x & y\nz',
    e: '2026-01-01T00:00:00Z',
  });
  expect(parsePlist('no list')).toBeNull();
});
