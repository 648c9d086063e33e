// Lists of mounts as Linux writes them: what can hold copies, which computer serves it, what is the system's own.
import { expect, test } from 'vitest';
import {
  gvfsShare,
  isForSystem,
  isPluggedInFolder,
  parseMountInfo,
  unescapeLinkName,
  wholeDiskFolder,
} from '../../../../electron/platform/volumes/linux-mounts.ts';

/** Lines of a real /proc/self/mountinfo, each of its own machine. */
const text = [
  '22 27 0:21 / /proc rw,relatime - proc proc rw',
  '27 1 253:0 / / rw,relatime shared:1 - ext4 /dev/vda rw,errors=remount-ro',
  '95 27 8:17 / /media/a/My\\040Disk rw,nosuid,nodev shared:50 - exfat /dev/sdb1 rw,uid=1000,errors=remount-ro',
  '96 27 8:33 / /media/a/locked ro,nosuid - vfat /dev/sdc1 ro,uid=1000',
  '97 27 0:45 /@home /home rw,relatime shared:44 - btrfs /dev/sda2 rw,subvol=/@home',
  '98 27 0:61 / /mnt/share rw,relatime - cifs //NAS/office rw,vers=3.1.1,username=a,addr=192.168.1.20,file_mode=0755',
  '99 27 0:62 / /mnt/nfs rw - nfs4 server.lan:/export rw,vers=4.2,clientaddr=192.168.1.5,addr=192.168.1.21',
  '100 27 0:63 / /mnt/ssh rw - fuse.sshfs anna@box:/srv rw,user_id=0',
  '101 27 8:49 / /mnt/windows rw - fuseblk /dev/sdd1 rw,allow_other,blksize=4096',
  '42 27 0:39 / /mnt/view rw,nosuid,nodev - fuse /srv/other rw,user_id=0,default_permissions,allow_other',
  '43 27 0:40 / /mnt/dav rw - fuse.davfs2 https://cloud.example/dav rw',
  '44 27 0:41 / /tmp rw,nosuid - tmpfs tmpfs rw,size=1g',
  '',
].join('\n');
const mounts = new Map(parseMountInfo(text).map((mount) => [mount.folder, mount]));

test.each([
  ['/', 'disk', null, false],
  ['/media/a/My Disk', 'disk', null, false],
  ['/media/a/locked', 'disk', null, true],
  ['/home', 'disk', null, false],
  ['/mnt/share', 'network', '192.168.1.20', false],
  ['/mnt/nfs', 'network', '192.168.1.21', false],
  ['/mnt/ssh', 'network', 'box', false],
  ['/mnt/windows', 'disk', null, false],
  ['/mnt/dav', 'network', 'cloud.example', false],
  // A view of a local folder: neither a disk of its own nor another computer.
  ['/mnt/view', 'other', null, false],
  ['/tmp', 'other', null, false],
  ['/proc', 'other', null, false],
])('%s is of kind %s, served by %s', (folder, kind, host, isReadOnly) => {
  expect(mounts.get(folder)).toMatchObject({ kind, host, isReadOnly });
});

test('folders tell what is for the system and what was plugged in', () => {
  expect(['/boot/efi', '/snap/core/1', '/var/lib/docker/x'].map(isForSystem)).toEqual([
    true,
    true,
    true,
  ]);
  expect(['/', '/media/a/x', '/bootleg', '/mnt'].map(isForSystem)).toEqual([
    false,
    false,
    false,
    false,
  ]);
  expect(['/media/a/x', '/run/media/a/x', '/mnt/media/x'].map(isPluggedInFolder)).toEqual([
    true,
    true,
    false,
  ]);
});

test("a desktop's shares are folders that name their server", () => {
  expect(gvfsShare('smb-share:domain=w,server=nas,share=office,user=anna')).toEqual({
    host: 'nas',
    label: 'office',
  });
  expect(gvfsShare('sftp:host=box.lan,user=a')).toEqual({ host: 'box.lan', label: 'box.lan' });
  expect(gvfsShare('mtp:host=Phone')).toBeNull();
});

test('names of links are read as udev writes them', () => {
  expect(unescapeLinkName('My\\x20Disk')).toBe('My Disk');
  expect(unescapeLinkName('\\xe8\\x93\\x9d')).toBe('蓝');
  expect(unescapeLinkName('50%')).toBe('50%');
});

test('the disk of a partition is the folder above it', () => {
  const disk = '/sys/devices/pci0000:00/usb1/1-2/host4/block/sdb';
  expect(wholeDiskFolder(`${disk}/sdb1`)).toBe(disk);
  expect(wholeDiskFolder(disk)).toBe(disk);
});
