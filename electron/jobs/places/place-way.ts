// A way to places that are not simply there: what has to be done before such a place has a folder on this computer.
// One way for each kind of place; `places.ts` decides when it is gone and when it is left.

/** Where a place lies within what is connected for it. */
export interface PlaceRoute {
  /** Places with the same key share one connection. */
  readonly key: string;
  /** What the person calls that which is connected; itself a place. */
  readonly root: string;
  /** Folders of the place below the root. */
  readonly below: readonly string[];
}

export interface Connection {
  /** Absolute, links resolved: the root's folder on this computer. */
  readonly folder: string;
  /** Lets go of it; null when it was there before, and is not ours to let go. */
  readonly disconnect: (() => Promise<void>) | null;
}

export interface PlaceWay {
  /** Null for a place of another kind. */
  routeOf(place: string): PlaceRoute | null;
  /** Connects, or finds what is connected already. Throws BackupErrors that name the place. */
  connect(place: string, signal: AbortSignal): Promise<Connection>;
  /** False: what was connected for the place is certainly not any more. */
  isConnected(place: string): Promise<boolean>;
  /** The root's folder where it is connected already, by whomever. Connects nothing, asks nobody. */
  sight(place: string): Promise<string | null>;
}
