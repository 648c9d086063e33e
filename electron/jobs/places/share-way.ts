// Network shares by their address: connected by the system's own means with the password that is known for them.
import { realpath } from 'node:fs/promises';
import { BackupError, hasCode } from '../../../shared/model/backup-error.ts';
import {
  formatShareRoot,
  parseShareAddress,
  type ShareAddress,
} from '../../../shared/model/share-address.ts';
import { findConnected } from '../../platform/shares/find-connected.ts';
import type { ConnectedShare, ShareConnector } from '../../platform/shares/share-connector.ts';
import type { Connection, PlaceWay } from './place-way.ts';
import type { SharePasswords } from './share-passwords.ts';

/** Ends a line in what the system's programs read: no server takes it. */
const NOT_IN_PASSWORDS = /[\r\n\0]/u;

/** Connects by `connector`; a share that the person has connected is used as it is. */
export function createShareWay(connector: ShareConnector, passwords: SharePasswords): PlaceWay {
  /** What is connected for us now, by its address: systems cannot always tell without connecting. */
  const folders = new Map<string, string>();

  const connectAs = async (
    share: ShareAddress,
    password: string | null,
    signal: AbortSignal,
  ): Promise<ConnectedShare> => {
    if (password === null) return connector.connect(share, null, signal);
    if (NOT_IN_PASSWORDS.test(password) || passwords.isRefused(share, password)) {
      throw refusalOf(share);
    }
    try {
      const connected = await connector.connect(share, password, signal);
      // A share that was there opened without it: nobody knows whether it is the right one.
      if (!connected.wasThere) passwords.tell(share, password, 'opened');
      return connected;
    } catch (error) {
      if (hasCode(error, 'share-refused')) passwords.tell(share, password, 'refused');
      throw error;
    }
  };

  const connectSomehow = async (
    share: ShareAddress,
    signal: AbortSignal,
  ): Promise<ConnectedShare> => {
    const before = await findConnected(async (each) => connector.find(each), share);
    if (before !== null) return before;
    const known = share.user === null ? null : await passwords.find(share, signal);
    try {
      return await connectAs(share, known, signal);
    } catch (error) {
      const typed = hasCode(error, 'share-refused') ? await passwords.askAgain(share) : null;
      if (typed === null) throw error;
      return connectAs(share, typed, signal);
    }
  };

  return {
    routeOf(place) {
      const share = parseShareAddress(place);
      if (share === null) return null;
      const root = formatShareRoot(share);
      return { key: root.toLowerCase(), root, below: share.folders };
    },
    async connect(place, signal) {
      const share = shareOf(place);
      const root = formatShareRoot(share);
      const { folder, wasThere } = await connectSomehow(share, signal);
      folders.set(root, folder);
      const disconnect = async (): Promise<void> => {
        folders.delete(root);
        if (!wasThere) await connector.disconnect(share, folder);
      };
      return { folder: await resolved(folder), disconnect } satisfies Connection;
    },
    async isConnected(place) {
      const share = shareOf(place);
      const folder = folders.get(formatShareRoot(share));
      return folder !== undefined && connector.isConnected(share, folder);
    },
    async sight(place) {
      const share = shareOf(place);
      return folders.get(formatShareRoot(share)) ?? connector.find(share);
    },
  };
}

function shareOf(place: string): ShareAddress {
  const share = parseShareAddress(place);
  if (share !== null) return share;
  throw new BackupError({ code: 'usage', detail: 'this is no address of a network share' });
}

function refusalOf(share: ShareAddress): BackupError {
  const { user } = share;
  return new BackupError({ code: 'share-refused', place: formatShareRoot(share), user });
}

/** As the folder storage names it in failures. A UNC path is its own. */
async function resolved(folder: string): Promise<string> {
  return realpath(folder).catch(() => folder);
}
