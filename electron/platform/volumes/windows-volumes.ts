// Volumes as Windows knows them. PowerShell's storage module tells identity, label, bus and disk; WMI's older classes
// stand in where a plain user is refused that. `mountvol` tells cheaply whether something has changed.
// Tried on recorded output only: no Windows was at hand.
import { z } from 'zod';
import { runTool } from './run-tool.ts';
import { volume, type Volume } from './volume.ts';

/** PowerShell takes seconds to start on an old PC, and the storage service some more when it first wakes. */
const LONGEST_LISTING_MS = 30_000;
const LONGEST_LOOK_MS = 5_000;

/** One document; every property as text or number, every list as a list, whatever PowerShell makes of one item. */
const SCRIPT = `
$ErrorActionPreference = 'SilentlyContinue'
$ProgressPreference = 'SilentlyContinue'
[Console]::OutputEncoding = New-Object System.Text.UTF8Encoding $false
$out = @{}
$out.disks = @(Get-Disk | ForEach-Object { @{ number = [int]$_.Number; bus = [string]$_.BusType } })
$out.partitions = @(Get-Partition | ForEach-Object { @{ disk = [int]$_.DiskNumber; paths = @($_.AccessPaths | ForEach-Object { [string]$_ }) } })
$out.volumes = @(Get-Volume | ForEach-Object { @{ id = [string]$_.UniqueId; label = [string]$_.FileSystemLabel; letter = [string]$_.DriveLetter; type = [string]$_.DriveType } })
$out.drives = @(Get-CimInstance Win32_LogicalDisk | ForEach-Object { @{ name = [string]$_.DeviceID; type = [int]$_.DriveType; label = [string]$_.VolumeName; share = [string]$_.ProviderName } })
$out.parts = @(Get-CimInstance Win32_LogicalDiskToPartition | ForEach-Object { @{ drive = [string]$_.Dependent.DeviceID; part = [string]$_.Antecedent.DeviceID } })
$out.hardware = @(Get-CimInstance Win32_DiskDrive | ForEach-Object { @{ number = [int]$_.Index; bus = [string]$_.InterfaceType; media = [string]$_.MediaType } })
ConvertTo-Json -InputObject $out -Depth 4 -Compress
`;

const text = z.string();
const listSchema = z.object({
  disks: z.array(z.object({ number: z.int(), bus: text })),
  partitions: z.array(z.object({ disk: z.int(), paths: z.array(text) })),
  volumes: z.array(z.object({ id: text, label: text, letter: text, type: text })),
  drives: z.array(z.object({ name: text, type: z.int(), label: text, share: text })),
  parts: z.array(z.object({ drive: text, part: text })),
  hardware: z.array(z.object({ number: z.int(), bus: text, media: text })),
});
type Listing = z.infer<typeof listSchema>;

/** Numbers of Win32_LogicalDisk.DriveType. */
const REMOVABLE_DRIVE = 2;
const NETWORK_DRIVE = 4;
/** Names or numbers of MSFT_Disk.BusType that can be pulled out: USB, 1394, SD, MMC. */
const pluggedIn: ReadonlySet<string> = new Set(['usb', '7', '1394', '4', 'sd', '12', 'mmc', '13']);
/** Disks that are made of others, or of a file: virtual, file-backed, storage spaces. */
const madeUp: ReadonlySet<string> = new Set([
  'virtual',
  '14',
  'file backed virtual',
  '15',
  'spaces',
  'storage spaces',
  '16',
]);

/** Null: Windows did not tell. */
export async function listWindowsVolumes(): Promise<readonly Volume[] | null> {
  const encoded = Buffer.from(SCRIPT, 'utf16le').toString('base64');
  const asked = ['-NoProfile', '-NonInteractive', '-EncodedCommand', encoded];
  const said = await runTool('powershell.exe', asked, LONGEST_LISTING_MS);
  return said === null ? null : parseWindowsVolumes(said);
}

/** Volumes and their mount points, without those of the network; null: it did not tell. */
export async function windowsFingerprint(): Promise<string | null> {
  return runTool('mountvol.exe', [], LONGEST_LOOK_MS);
}

/** Null for what is no such listing. */
export function parseWindowsVolumes(said: string): readonly Volume[] | null {
  const listing = parse(said);
  if (listing === null) return null;
  const volumes = listing.volumes
    .filter(({ type }) => !/^(?:cd-?rom|5)$/iu.test(type))
    .map((each) => describeVolume(each, listing));
  const letters = new Set(volumes.flatMap(({ folders }) => folders));
  const others = listing.drives.filter(({ name }) => !letters.has(`${name}\\`));
  return [...volumes, ...others.flatMap((drive) => describeDrive(drive, listing))].filter(
    ({ folders }) => folders.length > 0,
  );
}

function describeVolume(
  { id, label, letter, type }: Listing['volumes'][number],
  listing: Listing,
): Volume {
  const partition = listing.partitions.find(({ paths }) => paths.some((path) => isSame(path, id)));
  const letterFolder = /^[A-Za-z]$/u.test(letter) ? [`${letter}:\\`] : [];
  const mounted = (partition?.paths ?? []).filter((path) => !path.startsWith('\\\\?\\'));
  const number = partition?.disk ?? diskOfDrive(`${letter}:`, listing);
  const isOut = /^(?:removable|2)$/iu.test(type) || isPluggedIn(number, listing);
  return volume({
    folders: [...new Set([...letterFolder, ...mounted])],
    kind: isOut ? 'removable' : 'disk',
    id: idOf(id),
    label: label === '' ? null : label,
    disks: disksOf(number, listing),
    // Without a letter it is the system's: boot, recovery.
    isForSystem: letterFolder.length === 0 && mounted.length === 0,
  });
}

/** What only WMI knows: mapped shares, and everything for a user whom the storage module refuses. */
function describeDrive(
  { name, type, label, share }: Listing['drives'][number],
  listing: Listing,
): readonly Volume[] {
  const shown = { folders: [`${name}\\`], label: label === '' ? null : label };
  if (type === NETWORK_DRIVE) {
    return [
      volume({
        ...shown,
        kind: 'network',
        host: hostOfUnc(share),
        label: shown.label ?? (share || null),
      }),
    ];
  }
  if (type !== REMOVABLE_DRIVE && type !== 3) return [];
  const number = diskOfDrive(name, listing);
  const isOut = type === REMOVABLE_DRIVE || isPluggedIn(number, listing);
  return [
    volume({ ...shown, kind: isOut ? 'removable' : 'disk', disks: disksOf(number, listing) }),
  ];
}

/** The server of `\\server\share\...`; null for every other path, also `\\?\C:\...`. */
export function hostOfUnc(path: string): string | null {
  const plain = path.replaceAll('/', '\\').replace(/^\\\\[?.]\\UNC\\/iu, '\\\\');
  const host = /^\\\\([^\\?.][^\\]*)\\[^\\]/u.exec(plain)?.[1] ?? null;
  // `server@SSL@443` is WebDAV's way of naming a port.
  return host?.split('@')[0] ?? null;
}

function diskOfDrive(drive: string, { parts }: Listing): number | null {
  const part = parts.find((each) => isSame(each.drive, drive))?.part ?? '';
  // `Disk #1, Partition #0`: the word is translated, the order is not.
  const number = /#(\d+)/u.exec(part)?.[1];
  return number === undefined ? null : Number(number);
}

function disksOf(number: number | null, { disks }: Listing): readonly string[] {
  if (number === null) return [];
  const bus = disks.find((disk) => disk.number === number)?.bus.toLowerCase() ?? '';
  return madeUp.has(bus) ? [] : [`disk ${number}`];
}

function isPluggedIn(number: number | null, { disks, hardware }: Listing): boolean {
  const bus = disks.find((disk) => disk.number === number)?.bus;
  if (bus !== undefined) return pluggedIn.has(bus.toLowerCase());
  const drive = hardware.find((each) => each.number === number);
  return (
    drive !== undefined &&
    (/^(?:usb|1394)$/iu.test(drive.bus) || /external|removable/iu.test(drive.media))
  );
}

/** `\\?\Volume{2eca078d-…}\` -> `2eca078d-…`. */
function idOf(uniqueId: string): string | null {
  return /\{([0-9a-f-]{36})\}/iu.exec(uniqueId)?.[1]?.toLowerCase() ?? null;
}

const isSame = (one: string, other: string): boolean => one.toLowerCase() === other.toLowerCase();

function parse(said: string): Listing | null {
  try {
    const parsed = listSchema.safeParse(JSON.parse(said));
    return parsed.success ? parsed.data : null;
  } catch {
    return null;
  }
}
