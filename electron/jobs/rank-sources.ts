// Which of the databases on a computer is likely to be the CRM: by name, place, size and how lately it was written. Pure.
// Only an order: everything found is shown, and a person chooses.
import type { FoundSource } from '../../shared/model/setup.ts';

const CRM_WORDS =
  /crm|customer|client|contact|sales|lead|account|kunden|kontakt|cliente|客户|客戶|联系人|聯絡人|销售|銷售/iu;
const OFFICE_WORDS =
  /office|business|company|firma|invoice|order|erp|data|buchhaltung|公司|订单|訂單|业务/iu;
/** Data of programs, not of people. */
const PROGRAM_FOLDER = /[\\/](?:AppData|Application Support|\.local[\\/]share|ProgramData)[\\/]/iu;

const DAY_MS = 24 * 3600_000;

/** Likeliest first; equal ones by path, so that the order is always the same. */
export function rankSources(found: readonly FoundSource[], nowMs: number): readonly FoundSource[] {
  const scores = new Map(found.map((source) => [source, scoreOf(source, nowMs)]));
  const score = (source: FoundSource): number => scores.get(source) ?? 0;
  return [...found].sort((a, b) => score(b) - score(a) || (a.path < b.path ? -1 : 1));
}

function scoreOf({ path, format, bytes, modifiedAtMs }: FoundSource, nowMs: number): number {
  const name = path.split(/[\\/]/u).at(-1) ?? '';
  const ageDays = Math.max(0, nowMs - modifiedAtMs) / DAY_MS;
  return (
    (CRM_WORDS.test(name) ? 10 : CRM_WORDS.test(path) ? 6 : 0) +
    (OFFICE_WORDS.test(name) ? 2 : 0) +
    // A kilobyte gives none, a megabyte 5, a gigabyte 10.
    Math.min(10, Math.max(0, Math.log2(bytes / 1024) / 2)) +
    (ageDays < 2 ? 5 : ageDays < 30 ? 3 : ageDays < 365 ? 1 : 0) +
    (PROGRAM_FOLDER.test(path) ? -3 : 0) +
    // Anything compressed looks encrypted as well.
    (format === 'encrypted database' ? -4 : 0)
  );
}
