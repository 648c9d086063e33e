// Says that the window holds something that would be lost with it: a closed window is then kept, hidden.
import { useEffect } from 'react';
import { useClient } from './client-context.ts';

/** For as long as `isNeeded`. */
export function useHold(isNeeded: boolean): void {
  const client = useClient();
  useEffect(() => (isNeeded ? client.hold() : undefined), [client, isNeeded]);
}
