// What PowerShell is told to do with a share, and how its answer is read. Pure. The script is the same for everybody and holds
// nothing secret: what it works on comes as one line of base64 on its standard input.
import type { ShareAddress } from '../../../shared/model/share-address.ts';
import type { ShareTrouble } from './share-failures.ts';

const SCRIPT = `
$ErrorActionPreference = 'Stop'
[Console]::OutputEncoding = [Text.Encoding]::UTF8
try {
  $line = [Console]::In.ReadLine()
  $wish = [Text.Encoding]::UTF8.GetString([Convert]::FromBase64String($line)) | ConvertFrom-Json
  $found = Get-SmbMapping -RemotePath $wish.path -ErrorAction SilentlyContinue
  if ($wish.verb -eq 'remove') {
    if ($found) { Remove-SmbMapping -RemotePath $wish.path -Force }
    Write-Output 'holdfast:removed'
  } elseif ($found -and "$($found.Status)" -eq 'OK') {
    Write-Output 'holdfast:was-there'
  } else {
    $login = @{ RemotePath = $wish.path; Persistent = $false }
    if ($wish.user) { $login.UserName = $wish.user; $login.Password = $wish.password }
    if ($wish.port) { $login.TcpPort = $wish.port }
    New-SmbMapping @login | Out-Null
    Write-Output 'holdfast:connected'
  }
} catch {
  Write-Output "holdfast:failed $($_.FullyQualifiedErrorId) | $($_.Exception.Message)"
}
`;

const REFUSED = new Set([5, 86, 1326, 1327, 1328, 1330, 1331, 1385, 1907, 1909, 2202]);
const NO_SUCH_SHARE = new Set([67, 2114, 2250]);
const OTHER_USER = new Set([1219, 1220]);

/** What is done to a share. */
export type ShareWish =
  | { readonly verb: 'add'; readonly share: ShareAddress; readonly password: string | null }
  | { readonly verb: 'remove'; readonly share: ShareAddress };

/** Arguments of powershell.exe; public, and the same for each share. */
export const powershellArguments: readonly string[] = [
  '-NoLogo',
  '-NoProfile',
  '-NonInteractive',
  '-ExecutionPolicy',
  'Bypass',
  '-EncodedCommand',
  Buffer.from(SCRIPT, 'utf16le').toString('base64'),
];

/** The one line for its standard input. */
export function encodeShareWish(wish: ShareWish): string {
  const { verb, share } = wish;
  const user = share.domain === null ? share.user : `${share.domain}\\${share.user}`;
  const password = wish.verb === 'add' ? wish.password : null;
  const facts = { verb, path: uncPath(share), user, password, port: share.port };
  return `${Buffer.from(JSON.stringify(facts)).toString('base64')}\n`;
}

/** `\\server\share`; an IPv6 address as Windows writes it in names. */
export function uncPath({ server, share }: ShareAddress): string {
  const isIpv6 = server.startsWith('[');
  const host = isIpv6 ? `${server.slice(1, -1).replaceAll(':', '-')}.ipv6-literal.net` : server;
  return `\\\\${host}\\${share}`;
}

export type PowershellAnswer =
  | { readonly kind: 'connected'; readonly wasThere: boolean }
  | { readonly kind: 'removed' }
  | { readonly kind: 'trouble'; readonly trouble: ShareTrouble };

/** By the number that Windows gives its errors: their words are in the language of the computer. */
export function readPowershellAnswer(output: string): PowershellAnswer {
  const [, answer = '', rest = ''] = /^holdfast:([a-z-]+)(.*)$/mu.exec(output) ?? [];
  if (answer === 'connected' || answer === 'was-there') {
    return { kind: 'connected', wasThere: answer === 'was-there' };
  }
  if (answer === 'removed') return { kind: 'removed' };
  return { kind: 'trouble', trouble: readTrouble(rest === '' ? output : rest) };
}

function readTrouble(text: string): ShareTrouble {
  const number = Number(/Windows System Error (\d+)/u.exec(text)?.[1] ?? NaN);
  if (REFUSED.has(number)) return { kind: 'refused' };
  if (NO_SUCH_SHARE.has(number)) return { kind: 'no-such-share' };
  if (OTHER_USER.has(number)) return { kind: 'other-user' };
  if (/CommandNotFoundException/u.test(text)) {
    return { kind: 'tool-missing', needs: 'New-SmbMapping (Windows 8 or later)' };
  }
  return { kind: 'unreachable', detail: text.split('|').at(-1) ?? text };
}
