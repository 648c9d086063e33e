// Network shares as this system connects them for its user: one file for each system, chosen here.
// Promise: a password goes to the system's own program by its standard input, never in arguments or environment; no failure
// holds it. A look starts no program that would connect.
import type { ShareAddress } from '../../../shared/model/share-address.ts';
import { createGioShares } from './gio-shares.ts';
import { createOsascriptShares } from './osascript-shares.ts';
import { createPowershellShares } from './powershell-shares.ts';

/** A share that is connected. */
export interface ConnectedShare {
  /** Absolute: the share's own folder on this computer. */
  readonly folder: string;
  /** It was there before, so it is not ours to let go. */
  readonly wasThere: boolean;
}

export interface ShareConnector {
  /** The share's folder where this user has it connected; null: not, or it cannot be told without connecting. */
  find(share: ShareAddress): Promise<string | null>;
  /**
   * Connects the share; `password` null: none is known. Throws share-refused, share-password-needed, share-missing,
   * share-other-user, share-tool-missing, place-unreachable, cancelled; each names the share's address.
   */
  connect(
    share: ShareAddress,
    password: string | null,
    signal: AbortSignal,
  ): Promise<ConnectedShare>;
  /** False: what was connected at this folder is certainly not any more. */
  isConnected(share: ShareAddress, folder: string): Promise<boolean>;
  /** Lets go of a share that `connect` connected. */
  disconnect(share: ShareAddress, folder: string): Promise<void>;
}

/** The connector of this system. */
export function createShareConnector(platform: NodeJS.Platform = process.platform): ShareConnector {
  if (platform === 'win32') return createPowershellShares();
  if (platform === 'darwin') return createOsascriptShares();
  return createGioShares();
}
