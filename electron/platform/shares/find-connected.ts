// A share that this user has connected already is used as it is, and needs no password.
import type { ConnectedShare, ShareConnector } from './share-connector.ts';
import type { ShareAddress } from '../../../shared/model/share-address.ts';

/** Null: it has to be connected. */
export async function findConnected(
  find: ShareConnector['find'],
  share: ShareAddress,
): Promise<ConnectedShare | null> {
  const folder = await find(share);
  return folder === null ? null : { folder, wasThere: true };
}
