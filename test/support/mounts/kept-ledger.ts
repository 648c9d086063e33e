/**
 * What an office said on record before its power went, held against what is found afterwards: every reported point gives
 * back its content, the CRM is whole and in a state that it was in or was being brought to.
 */
import { expect } from 'vitest';
import type { CrmDigest, OfficeEvent, OfficeFacts } from './office-protocol.ts';

export interface KeptLedger {
  /** Takes down what was heard; events that were taken down before are passed over. */
  hear(events: readonly OfficeEvent[]): void;
  /** From here on the CRM may have this content as well. */
  expectCrm(content: CrmDigest): void;
  contentOf(point: string): CrmDigest;
  points(): readonly string[];
  /** Asserts that nothing reported is lost. What is found becomes what is expected next. */
  check(found: OfficeFacts): void;
}

export function createKeptLedger(): KeptLedger {
  const reported = new Map<string, CrmDigest>();
  const known = new Set<CrmDigest>();
  const mayGo = new Set<string>();
  const heard = new Set<OfficeEvent>();
  let crm = new Set<CrmDigest>();
  return {
    hear(events) {
      for (const event of events) {
        if (heard.has(event)) continue;
        heard.add(event);
        if (event.event === 'begun') for (const point of event.mayGo ?? []) mayGo.add(point);
        if (event.event !== 'done') continue;
        for (const point of event.forgotten ?? []) reported.delete(point);
        for (const [point, content] of Object.entries(event.reported ?? {})) {
          reported.set(point, content);
          known.add(content);
        }
        if (event.crm !== undefined) {
          crm = new Set([event.crm]);
          known.add(event.crm);
        }
      }
    },
    expectCrm(content) {
      crm.add(content);
      known.add(content);
    },
    contentOf: (point) => reported.get(point) ?? 'never reported',
    points: () => [...reported.keys()].filter((point) => !mayGo.has(point)),
    check({ isSound, found = {}, crm: content = '', output }) {
      expect({ isSound, output }).toMatchObject({ isSound: true });
      for (const [point, expected] of reported) {
        if (found[point] === undefined && mayGo.has(point)) reported.delete(point);
        else expect({ [point]: found[point] }).toEqual({ [point]: expected });
      }
      mayGo.clear();
      // A point that was finished and not yet reported is as good as any.
      for (const [point, extra] of Object.entries(found)) {
        expect([...known]).toContain(extra);
        reported.set(point, extra);
      }
      expect([...crm]).toContain(content);
      crm = new Set([content]);
    },
  };
}
