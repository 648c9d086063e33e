/**
 * What a test asks of an office in a guest or on a mount (office-program.ts), and what it hears of it. A step is a JSON
 * file in a folder that both see, an answer a line on the guest's console: what was heard there was said before the cut.
 */
import type { Failure } from '../../../shared/model/failure.ts';

export type OfficeStep =
  | { readonly do: 'createVault' }
  /** A CRM database: a copy of `from`, in this journal mode. */
  | { readonly do: 'putCrm'; readonly from: string; readonly journal: 'wal' | 'delete' }
  /**
   * One transaction of the CRM's, durable when it is done; `share` is the part of all contacts that it touches.
   * `elsewhere`: by another computer, without this one's locks.
   */
  | {
      readonly do: 'changeCrm';
      readonly seed: number;
      readonly share: number;
      readonly elsewhere?: boolean;
    }
  /** The CRM is opened by a second process that writes all the time, until it is told to pause. */
  | { readonly do: 'startWriter' | 'pauseWriter' | 'stopWriter' }
  | { readonly do: 'backUp'; readonly kind?: 'full' | 'auto' }
  | { readonly do: 'restoreInPlace'; readonly point: string }
  | { readonly do: 'undo' }
  /** Forgets all but the newest points and prunes. */
  | { readonly do: 'tidy'; readonly keepLast: number }
  /** Every byte of the vault, and every point restored and opened. */
  | { readonly do: 'check' }
  /** The newest point's file against the CRM as it is now. */
  | { readonly do: 'compareFiles' }
  | { readonly do: 'readCrm' }
  /** Takes all room of the vault's disk but this, or gives it back. */
  | { readonly do: 'fillDisk'; readonly leaveBytes: number }
  | { readonly do: 'emptyDisk' }
  /** Time passes so many times faster; waiting takes so much less. */
  | { readonly do: 'setPace'; readonly factor: number }
  /** Turns the computer's clock forward. */
  | { readonly do: 'turnClock'; readonly days: number }
  /** Runs a command of the computer's. */
  | { readonly do: 'shell'; readonly command: string }
  | { readonly do: 'end' };

/** Content of a CRM: digest of all rows of all tables, or what is wrong with the file. */
export type CrmDigest = string;

export interface OfficeFacts {
  readonly ms: number;
  /** Content of the CRM after the step, where it was looked at. */
  readonly crm?: CrmDigest;
  /** Points that the product reported in this step, with the content that they must give back. */
  readonly reported?: Readonly<Record<string, CrmDigest>>;
  readonly point?: string;
  readonly kind?: string;
  /** How the product says that it read the CRM. */
  readonly label?: string;
  /** How the product says that it put the CRM back. */
  readonly way?: string;
  /** Points whose going the product reported. */
  readonly forgotten?: readonly string[];
  readonly removedObjects?: number;
  readonly isSound?: boolean;
  /** All points that are there, with the content that they give back, or the failure's code. */
  readonly found?: Readonly<Record<string, CrmDigest>>;
  readonly isEqual?: boolean;
  readonly output?: string;
}

export type OfficeEvent =
  | { readonly event: 'ready' }
  /** Before anything is done. `mayGo`: points that the step may remove; `crm`: contents that the CRM may have from now on. */
  | {
      readonly event: 'begun';
      readonly step: number;
      readonly crm?: readonly CrmDigest[];
      readonly mayGo?: readonly string[];
    }
  /** The first third of the data was read; writing is under way. */
  | { readonly event: 'working'; readonly step: number }
  | ({ readonly event: 'done'; readonly step: number } & OfficeFacts)
  | {
      readonly event: 'failed';
      readonly step: number;
      readonly ms: number;
      readonly failure: Failure;
      readonly stack: string;
    };

const MARK = '@office ';

export const encodeEvent = (event: OfficeEvent): string => `${MARK}${JSON.stringify(event)}\n`;

/** Null for a line that is something else, e.g. the kernel's. */
export function parseEvent(line: string): OfficeEvent | null {
  const at = line.indexOf(MARK);
  if (at < 0) return null;
  try {
    return JSON.parse(line.slice(at + MARK.length)) as OfficeEvent;
  } catch {
    // A cut in the middle of a line: nobody has heard it.
    return null;
  }
}

export const stepFile = (step: number): string => `${step}.json`;
