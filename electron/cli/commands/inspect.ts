// holdfast inspect PATH
import { resolve } from 'node:path';
import type { Command } from 'commander';
import { formatBytes } from '../../../shared/text/bytes.ts';
import { formatName, listNames, lockWords } from '../../../shared/text/source-words.ts';
import type { InspectedSource } from '../../../shared/model/setup.ts';
import { inspectSourceJob } from '../../jobs/inspect-source-job.ts';
import type { RunCommand } from '../run-cli.ts';
import type { Answer, CliSession } from '../session.ts';
import { formatBlocks, formatFacts, formatTable } from '../text-table.ts';

/** Adds `inspect`. */
export function addInspectCommand(program: Command, run: RunCommand): void {
  program
    .command('inspect')
    .description(
      'what a file or folder is, who has it open, and what belongs to it; changes nothing',
    )
    .argument('<path>', 'CRM database or folder')
    .addHelpText('after', '\nExample:\n  $ holdfast inspect /srv/crm/customers.mdb')
    .action(async (path: string, _options: unknown, command: Command) =>
      run(command, async (session) => inspect(session, path)),
    );
}

async function inspect(session: CliSession, path: string): Promise<Answer> {
  const source = await inspectSourceJob(session.engine, resolve(path));
  return { document: { source }, text: formatSource(session, source) };
}

function formatSource({ labels, locale }: CliSession, source: InspectedSource): string {
  const { names } = labels;
  const { heldBy, lock, companions, isCutShort, tables, detail, protectedBy } = source;
  const facts: (readonly [string, string])[] = [
    [names.path, source.path],
    [names.kind, formatName(source.format, locale)],
    [names.size, formatBytes(source.bytes, locale)],
  ];
  if (heldBy !== null && heldBy.length > 0)
    facts.push([names['in-use'], listNames(heldBy, locale)]);
  if (lock !== null) facts.push([names['lock-file'], lockWords(lock, locale)]);
  if (companions.length > 0) facts.push([names['belongs-to-it'], listNames(companions, locale)]);
  if (isCutShort === true) facts.push([names.damage, names['cut-short']]);
  if (detail !== null) facts.push([names.detail, detail]);
  if (protectedBy !== null) facts.push([names.plan, protectedBy.name]);
  const rows = (tables ?? []).map(({ table, rows: count }) => [table, String(count)]);
  const columns = [{ title: names.table }, { title: names.rows, align: 'right' as const }];
  return formatBlocks(formatFacts(facts), rows.length === 0 ? '' : formatTable(columns, rows));
}
