// What a check can find: objects that are gone or not what they were, and which restore points and files that touches.
import { failureOf } from '../../../shared/model/backup-error.ts';
import type { ReportDamage } from '../vault/sealed-stream-reader.ts';

/** A file of a restore point that cannot be brought back whole (or, for `healed`, only by way of a replacement). */
export interface AffectedFile {
  readonly point: string;
  readonly source: string;
  readonly file: string;
  /** Pages or chunks that are lost; null when the whole file is. */
  readonly parts: number | null;
}

/** What becomes of a wound: `lost`, or nothing is lost, for a second copy `covered` it or all that is needed was stored again (`healed`). */
export type Mending = 'lost' | 'covered' | 'healed';

/** One wound. */
export interface Damage {
  readonly object: string;
  readonly detail: string;
  /** Nothing is lost by it. */
  readonly isRepaired: boolean;
  /** Nothing is left to be done about it either. */
  readonly isHealed: boolean;
}

export interface DamageList {
  readonly all: () => readonly Damage[];
  readonly add: (object: string, detail: string, mending?: Mending) => void;
  /** For readers that go on with a second copy. */
  readonly report: ReportDamage;
}

/** Collects each object once. */
export function collectDamage(): DamageList {
  const found = new Map<string, Damage>();
  const add = (object: string, detail: string, mending: Mending = 'lost') => {
    const [isRepaired, isHealed] = [mending !== 'lost', mending === 'healed'];
    const known = found.get(object);
    if (known === undefined || (known.isRepaired && !isRepaired))
      found.set(object, { object, detail, isRepaired, isHealed });
  };
  return {
    all: () => [...found.values()].sort((a, b) => (a.object < b.object ? -1 : 1)),
    add,
    report: (object, error) => {
      const failure = failureOf(error);
      add(object, failure.code === 'object-damaged' ? failure.detail : 'is not there', 'covered');
    },
  };
}
