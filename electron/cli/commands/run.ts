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
  const reports = [report, ...report.others];
  const answers = reports.map((each) => answerBackup(session, each));
  const { forgotten, planId } = report;
  const [answer, ...others] = answers;
  const problem = answers.find(({ failure }) => failure !== undefined);
  const document = {
    ...answer?.document,
    planId,
    forgotten,
    // Left out where the plan has one place: then there is nothing to tell apart.
    ...(others.length === 0
      ? {}
      : {
          place: report.place,
          others: report.others.map((each, index) => ({
            ...others[index]?.document,
            place: each.place,
            forgotten: each.forgotten,
          })),
        }),
  };
  const texts = reports.map((each, index) => {
    const removed: [string, string][] = [[labels.names.removed, String(each.forgotten.length)]];
    return formatBlocks(
      others.length === 0 ? '' : each.place,
      answers[index]?.text ?? '',
      each.forgotten.length === 0 ? '' : formatFacts(removed),
    );
  });
  return { ...problem, document, text: formatBlocks(...texts) };
}
