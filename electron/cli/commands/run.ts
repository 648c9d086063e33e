// holdfast run PLAN
import type { Command } from 'commander';
import { warnOfOwnDisk } from '../../jobs/warn-of-own-disk.ts';
import { findPlan } from '../../jobs/find-plan.ts';
import { runPlanJob } from '../../jobs/run-plan-job.ts';
import { answerBackup } from '../backup-answer.ts';
import type { RunCommand } from '../run-cli.ts';
import type { Answer, CliSession } from '../session.ts';
import { formatBlocks, formatFacts } from '../text-table.ts';

/** Adds `run`. */
export function addRunCommand(program: Command, run: RunCommand): void {
  program
    .command('run')
    .description('carry out a backup plan now: back up, read back, tidy up by its keep rules')
    .argument('<plan>', 'name, id or its beginning')
    .addHelpText('after', '\nExample:\n  $ holdfast run Office')
    .action(async (wanted: string, _options: unknown, command: Command) =>
      run(command, async (session) => runPlan(session, wanted)),
    );
}

async function runPlan(session: CliSession, wanted: string): Promise<Answer> {
  const { engine, context, labels } = session;
  const plan = await findPlan(engine, wanted);
  const report = await runPlanJob(engine, plan, context);
  for (const { path } of plan.places) {
    await warnOfOwnDisk(
      engine,
      path,
      plan.sources.map((source) => source.path),
    );
  }
  const answer = answerBackup(session, report);
  const { forgotten, planId } = report;
  const removed: [string, string][] = [[labels.names.removed, String(forgotten.length)]];
  return {
    ...answer,
    document: { ...answer.document, planId, forgotten },
    text: formatBlocks(answer.text, forgotten.length === 0 ? '' : formatFacts(removed)),
  };
}
