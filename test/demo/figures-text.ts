/** Figures as the demo prints them. */
import { formatDuration } from '../../shared/text/durations.ts';
import type { CrmTotals } from '../support/crm-writer-events.ts';
import { sampleCrmTables } from '../support/sample-crm-schema.ts';

/** A number such as "30,000". */
export const count = (value: number | undefined): string =>
  value === undefined ? 'no figure' : value.toLocaleString('en');

/** A share such as "40 %". */
export const percent = (part: number, whole: number): string =>
  `${((part / whole) * 100).toLocaleString('en', { maximumSignificantDigits: 2 })} %`;

export const duration = (ms: number): string => formatDuration(ms, 'en');

/** The beginning of an id, as the command line shows it. */
export const short = (id: string): string => id.slice(0, 12);

/** What the second program did between two looks at it. */
export function describeWork(before: CrmTotals, after: CrmTotals): string {
  const commits = after.transactions - before.transactions;
  return `${count(commits)} transactions by the second program; the slowest took ${milliseconds(after.slowestMs)}`;
}

const milliseconds = (ms: number): string => (ms < 1000 ? `${Math.ceil(ms)} ms` : duration(ms));

type OfTable = { readonly table: string };
const tablesInOrder: readonly string[] = sampleCrmTables.slice(sampleCrmTables.indexOf('contacts'));

/** Contacts first, then what hangs on them. */
export const byTable = (first: OfTable, second: OfTable): number =>
  tablesInOrder.indexOf(first.table) - tablesInOrder.indexOf(second.table);
