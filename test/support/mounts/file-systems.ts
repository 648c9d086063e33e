/**
 * The file systems on which the product is tried, each with the commands that make one. All are made anew in a folder
 * that belongs to the trial; servers listen on the loopback of a guest.
 */

export type FileSystemName = 'ext4' | 'xfs' | 'btrfs' | 'ntfs' | 'exfat' | 'fat32' | 'nfs' | 'cifs';

export interface FileSystem {
  readonly name: FileSystemName;
  /** For people. */
  readonly title: string;
  /** `host`: mounted by this machine's own kernel or FUSE; `guest`: by the kernel of a guest. */
  readonly where: 'host' | 'guest';
  /** Programs besides those of every trial. */
  readonly needs: readonly string[];
  /** bash: with a folder `$W` for images, mounts a new one at `$M`. */
  readonly mount: string;
}

/** Samba as an office has it: one share, a password. `$W/share` is served on `$ADDRESS`. */
export const serveShare = `
mkdir -p "$W/samba/ncalrpc"
cat >"$W/samba/smb.conf" <<CONF
[global]
  workgroup = OFFICE
  server role = standalone server
  bind interfaces only = yes
  interfaces = $ADDRESS/24
  smb ports = 445
  passdb backend = tdbsam:$W/samba/passdb.tdb
  private dir = $W/samba
  lock directory = $W/samba
  state directory = $W/samba
  cache directory = $W/samba
  pid directory = $W/samba
  ncalrpc dir = $W/samba/ncalrpc
  log file = $W/samba/smbd.log
  disable netbios = yes
  load printers = no
  printcap name = /dev/null
  disable spoolss = yes
  server min protocol = SMB2
  map to guest = never
[copies]
  path = $W/share
  valid users = root
  read only = no
CONF
printf 'share\\nshare\\n' | smbpasswd -c "$W/samba/smb.conf" -s -a root >/dev/null
smbd -s "$W/samba/smb.conf" -D
`;

/** bash: mounts the share of `$ADDRESS` at `$M`, once its server answers. `$MORE` are further options. */
export const mountShare = `
for module in cifs nls_utf8; do modprobe $module; done
printf 'username=root\\npassword=share\\n' >"$W/credentials"
for try in $(seq 100); do (exec 3<>/dev/tcp/$ADDRESS/445) 2>/dev/null && break; sleep 0.1; done
mount -t cifs "//$ADDRESS/copies" "$M" -o "credentials=$W/credentials,vers=3.1.1,uid=0$MORE"
`;

const image = (megabytes: number, make: string): string =>
  `truncate -s ${megabytes}M "$W/disk.img" && ${make} "$W/disk.img" >/dev/null`;
const loop = (options = ''): string => `mount -o loop${options} "$W/disk.img" "$M"`;

export const fileSystems: readonly FileSystem[] = [
  {
    name: 'ext4',
    title: 'ext4',
    where: 'host',
    needs: ['mkfs.ext4'],
    mount: `${image(400, 'mkfs.ext4 -q')} && ${loop()}`,
  },
  {
    name: 'xfs',
    title: 'XFS',
    where: 'host',
    needs: ['mkfs.xfs'],
    mount: `${image(400, 'mkfs.xfs -q')} && ${loop()}`,
  },
  {
    name: 'btrfs',
    title: 'btrfs',
    where: 'host',
    needs: ['mkfs.btrfs'],
    mount: `${image(400, 'mkfs.btrfs -q')} && ${loop()}`,
  },
  {
    name: 'ntfs',
    title: 'NTFS (ntfs-3g)',
    where: 'host',
    needs: ['mkntfs', 'ntfs-3g'],
    mount: `${image(400, 'mkntfs -Q -q -F')} && ntfs-3g "$W/disk.img" "$M"`,
  },
  {
    name: 'exfat',
    title: 'exFAT (exfat-fuse)',
    where: 'host',
    needs: ['mkfs.exfat', 'mount.exfat-fuse'],
    // It takes block devices only; the loop device goes when it is unmounted.
    mount: `
${image(400, 'mkfs.exfat')} && device=$(losetup -f --show "$W/disk.img")
mount.exfat-fuse "$device" "$M" >/dev/null && losetup -d "$device"`,
  },
  {
    name: 'fat32',
    title: 'FAT32',
    where: 'guest',
    needs: ['mkfs.vfat'],
    mount: `
for module in vfat nls_utf8 nls_cp437 nls_iso8859-1 loop; do modprobe $module; done
${image(400, 'mkfs.vfat -F 32')} && ${loop(',iocharset=utf8')}`,
  },
  {
    name: 'nfs',
    title: 'NFS 4.2',
    where: 'guest',
    needs: ['exportfs', 'rpc.mountd', 'mount.nfs'],
    // A server that starts waits 90 s for clients of before; there are none. The export itself is an ext4.
    mount: `
for module in loop nfsd nfsv4; do modprobe $module; done
${image(400, 'mkfs.ext4 -q')}
mkdir -p "$W/share" /run/nfs/v4recovery && mount -o loop "$W/disk.img" "$W/share"
mount -t nfsd nfsd /proc/fs/nfsd
mkdir -p /run/sendsigs.omit.d && mount -t tmpfs tmpfs /var/lib/nfs
mkdir -p /var/lib/nfs/sm /var/lib/nfs/v4recovery && touch /var/lib/nfs/etab /var/lib/nfs/rmtab
echo 10 >/proc/fs/nfsd/nfsv4leasetime; echo 10 >/proc/fs/nfsd/nfsv4gracetime
exportfs -o rw,no_root_squash,no_subtree_check,fsid=0,insecure "127.0.0.1:$W/share"
rpc.mountd --no-nfs-version 3 && rpc.nfsd --no-nfs-version 3 --no-udp 4
echo Y >/proc/fs/nfsd/v4_end_grace
mount -t nfs4 -o vers=4.2,soft,timeo=50 127.0.0.1:/ "$M"`,
  },
  {
    name: 'cifs',
    title: 'CIFS 3.1.1 (Samba)',
    where: 'guest',
    needs: ['smbd', 'smbpasswd', 'mount.cifs'],
    mount: `
modprobe loop; ADDRESS=127.0.0.1 MORE=
${image(400, 'mkfs.ext4 -q')}
mkdir -p "$W/share" && mount -o loop "$W/disk.img" "$W/share" && chmod 777 "$W/share"
${serveShare}
${mountShare}`,
  },
];
