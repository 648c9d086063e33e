// holdfast status
import type { Command } from 'commander';
import { formatAge } from '../../../shared/text/durations.ts';
import { reasonSetting, reasonWords, statusTitle } from '../../../shared/text/status-words.ts';
import { listAllPlans } from '../../jobs/find-plan.ts';
import { reportPlan, type PlanReport } from '../../jobs/plan-status-job.ts';
import type { RunCommand } from '../run-cli.ts';
import type { Answer, CliSession } from '../session.ts';
import { formatBlocks, formatFacts, formatTable } from '../text-table.ts';

/** Adds `status`. */
export function addStatusCommand(program: Command, run: RunCommand): void {
  program
    .command('status')
    .description('the light of every backup plan, with the reasons when it is not green')
    .addHelpText('after', '\nExample:\n  $ holdfast status')
    .action(async (_options: unknown, command: Command) => run(command, showStatus));
}

async function showStatus(session: CliSession): Promise<Answer> {
  const reports: PlanReport[] = [];
  for (const plan of await listAllPlans(session.engine)) {
    reports.push(await reportPlan(session.engine, plan));
  }
  const plans = reports.map(({ plan, status, lastRun, placesHere }) => ({
    id: plan.id,
    name: plan.name,
    status: status.kind,
    title: statusTitle(status.kind, session.locale),
    reasons: status.reasons.map((reason) => ({ ...reason, ...wordsOf(session, plan, reason) })),
    proved: status.proved,
    places: plan.places.map(({ path, name = null, set = null }) => ({
      path,
      name,
      set,
      isHere: placesHere.has(path),
    })),
    lastRun,
  }));
  const text = formatBlocks(...reports.map((report) => formatStatus(session, report)));
  return {
    document: { plans },
    text: plans.length === 0 ? session.labels.names['no-plans'] : text,
  };
}

function wordsOf(
  { locale, clock }: CliSession,
  plan: PlanReport['plan'],
  reason: PlanReport['status']['reasons'][number],
) {
  return reasonWords(reason, locale, reasonSetting(plan, clock.nowMs()));
}

function formatStatus(session: CliSession, { plan, status, lastRun }: PlanReport): string {
  const { labels, locale, clock } = session;
  const { names } = labels;
  const nameOf = (path: string): string =>
    plan.places.find((place) => place.path === path)?.name ?? path;
  const facts: [string, string][] = [[plan.name, statusTitle(status.kind, locale)]];
  for (const { source, place, ageMs } of status.proved) {
    const name = plan.sources.find(({ id }) => id === source)?.name ?? source;
    const age = ageMs === null ? names['not-proved'] : formatAge(ageMs, locale);
    facts.push([`${names.proved}: ${name}`, `${age}  (${nameOf(place)})`]);
  }
  if (lastRun !== null) {
    const age = formatAge(clock.nowMs() - lastRun.startedAtMs, locale);
    const what = `${labels.runKinds[lastRun.kind]}: ${labels.runStates[lastRun.state]}`;
    facts.push([names['last-run'], `${age}, ${what}`]);
  }
  const reasons = status.reasons.map((reason) => {
    const { sentence, nextStep } = wordsOf(session, plan, reason);
    return [sentence, nextStep];
  });
  const columns = [{ title: names.reason }, { title: names['next-step'] }];
  return [
    formatFacts(facts),
    ...(reasons.length === 0 ? [] : [formatTable(columns, reasons)]),
  ].join('\n');
}
