// holdfast plan list | show | create FILE | delete | pause | resume
import type { Command } from 'commander';
import { BackupError } from '../../../shared/model/backup-error.ts';
import type { Plan } from '../../../shared/model/plan.ts';
import { isPaused } from '../../../shared/model/plan.ts';
import { agreeToActions, agreeToWritten, commandsOf } from '../../jobs/actions/agreements.ts';
import { findPlan, listAllPlans } from '../../jobs/find-plan.ts';
import { createPlan, deletePlan, pausePlan, resumePlan } from '../../jobs/plan-jobs.ts';
import { listPlans as listStored } from '../../plans/plan-files.ts';
import { formatSchedule } from '../../../shared/text/schedule-words.ts';
import { printable } from '../printable.ts';
import { readJsonInput } from '../read-json-input.ts';
import type { RunCommand } from '../run-cli.ts';
import { shortId } from '../short-id.ts';
import type { Answer, CliSession } from '../session.ts';
import { formatTable } from '../text-table.ts';

const draftExample = `
FILE is JSON, - is standard input. Ids and times may be left out; a plan with a known id replaces it:
  {"name": "Office", "sources": [{"path": "/srv/crm/crm.db"}], "places": [{"path": "/mnt/usb/crm"}],
   "schedule": {"kind": "times", "timesOfDay": ["12:30", "18:00"], "zone": "Europe/Berlin"},
   "keep": {"last": 10, "daily": 30, "monthly": 12}}
Up to eight places; each must hold a vault. Disks that take turns have a name each and the same set:
  "places": [{"path": "/media/usb/blue", "name": "blue", "set": "Disks"}, {"path": "/media/usb/red", "name": "red", "set": "Disks"}]

Commands around each backup, as programs with their arguments (no shell, unless you write one). The one after is run
whatever became of the backup, if need be at the next start. "onFailure" is "stop" or "go-on"; time limits 5 minutes:
  "actions": {"before": {"command": ["systemctl", "stop", "crm"], "timeLimitMs": 60000, "onFailure": "stop"},
              "after": {"command": ["systemctl", "start", "crm"], "timeLimitMs": 60000}}
They get HOLDFAST_PLAN, HOLDFAST_RUN, HOLDFAST_PHASE (before, after) and, after, HOLDFAST_RESULT (ok, partial, failed,
cancelled, interrupted).

Example:
  $ holdfast plan create office.json`;

/** Adds `plan` with its subcommands. */
export function addPlanCommand(program: Command, run: RunCommand): void {
  const plan = program.command('plan').description('look at backup plans and change them');
  plan
    .command('list')
    .description('all backup plans of this computer')
    .addHelpText('after', '\nExample:\n  $ holdfast plan list')
    .action(async (_options: unknown, command: Command) => run(command, listPlans));
  plan
    .command('create')
    .description('store a plan from a file, here and in its vault')
    .argument('<file>', 'the plan as JSON')
    .addHelpText('after', draftExample)
    .action(async (file: string, _options: unknown, command: Command) =>
      run(command, async (session) => create(session, file)),
    );
  const each: readonly (readonly [
    name: string,
    what: string,
    act: (session: CliSession, plan: Plan) => Promise<Answer>,
  ])[] = [
    ['show', 'print a plan as JSON, as `plan create` takes it', showPlan],
    ['delete', 'remove a plan; its copies stay', remove],
    ['pause', 'hold the slots of a plan back', pause],
    ['resume', 'let the slots of a plan count again', resume],
    ['agree', 'let the commands of a plan that came from elsewhere run on this computer', agree],
  ];
  for (const [name, what, act] of each) {
    plan
      .command(name)
      .description(what)
      .argument('<plan>', 'name, id or its beginning')
      .addHelpText('after', `\nExample:\n  $ holdfast plan ${name} Office`)
      .action(async (wanted: string, _options: unknown, command: Command) =>
        run(command, async (session) => act(session, await findPlan(session.engine, wanted))),
      );
  }
}

async function listPlans(session: CliSession): Promise<Answer> {
  const { labels, locale, engine, clock } = session;
  const { names } = labels;
  const plans = await listAllPlans(engine);
  const rows = plans.map((plan) => [
    plan.name,
    shortId(plan.id),
    plan.sources.map(({ name }) => name).join(', '),
    plan.places.map(({ name, path }) => name ?? path).join(', '),
    formatSchedule(plan.schedule, locale),
    isPaused(plan, clock.nowMs()) ? names.paused : '',
  ]);
  const columns = [
    names.plan,
    names.id,
    names['crm-data'],
    names.place,
    names.schedule,
    names.state,
  ];
  const table = formatTable(
    columns.map((title) => ({ title })),
    rows,
  );
  return { document: { plans }, text: plans.length === 0 ? names['no-plans'] : table };
}

async function create(session: CliSession, file: string): Promise<Answer> {
  const draft = await readJsonInput(file, session.stdin);
  const { engine } = session;
  const before = await listStored(engine.dataFolder);
  const plan = await createPlan(engine, draft, session.context);
  const stored = before.plans.map((each) => each.plan).find(({ id }) => id === plan.id) ?? null;
  if (!(await agreeToWritten(engine, stored, plan))) {
    engine.notify({ kind: 'actions-wait', plan: plan.name, commands: commandsOf(plan) });
  }
  return answerPlan(plan, `${session.labels.names['plan-stored']} ${plan.name} (${plan.id})`);
}

async function showPlan(_session: CliSession, plan: Plan): Promise<Answer> {
  return answerPlan(plan, JSON.stringify(plan, null, 2));
}

async function remove({ engine, context, labels }: CliSession, plan: Plan): Promise<Answer> {
  await deletePlan(engine, plan, context);
  return answerPlan(plan, labels.names['plan-deleted']);
}

async function pause({ engine, context, labels }: CliSession, plan: Plan): Promise<Answer> {
  return answerPlan(await pausePlan(engine, plan, context), labels.names['plan-paused']);
}

async function resume({ engine, context, labels }: CliSession, plan: Plan): Promise<Answer> {
  return answerPlan(await resumePlan(engine, plan, context), labels.names['plan-resumed']);
}

/** A script has no terminal; whoever wrote it has to have read them. */
async function agree(session: CliSession, plan: Plan): Promise<Answer> {
  const { engine, labels, terminal, context } = session;
  const commands = commandsOf(plan);
  if (terminal.canAsk && commands.length > 0) {
    terminal.say([`${printable(plan.name)}:`, ...commands.map((text) => `  ${text}`)].join('\n'));
    const typed = await terminal.askLine(labels.askToAgree, context.signal);
    if (!/^(y|yes|是)$/iu.test(typed.trim())) throw new BackupError({ code: 'cancelled' });
  }
  await agreeToActions(engine, plan);
  return answerPlan(
    plan,
    [labels.names['actions-agreed'], ...commands.map((text) => printable(text))].join('\n'),
  );
}

const answerPlan = (plan: Plan, text: string): Answer => ({ document: { plan }, text });
