/** Around the story: a CRM that is in use, a place for its copies, and the end of the working day. */
import { statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { formatBytes } from '../../shared/text/bytes.ts';
import { startCrmWriter } from '../support/start-crm-writer.ts';
import { createdVault } from './answers.ts';
import { readCrmFigures, withDatabase } from './crm-figures.ts';
import { createPlace, crmName, holdfast, type Demo, type LiveDemo } from './demo.ts';
import { count } from './figures-text.ts';
import { runProcess } from './run-process.ts';

const maker = fileURLToPath(new URL('./create-demo-crm.ts', import.meta.url));
const changesPerSecond = 20;

/** Makes the database and starts the second program on it. */
export async function openOffice(demo: Demo): Promise<LiveDemo> {
  const { stage, crm, contacts, seed, folder, signal } = demo;
  const words = `A sample CRM is made: one SQLite database with contacts, companies, deals, activities and notes.
A second program opens it and changes something ${changesPerSecond} times a second, to the end of this demo.`;
  return stage.step('office', 'A CRM that is in use', words, async () => {
    const args = [maker, crm, String(contacts), String(seed)];
    const made = await runProcess(args, { cwd: folder, env: process.env, signal });
    if (made.exitCode !== 0) throw new Error(`The sample CRM could not be made.\n${made.stderr}`);
    const { rows } = readCrmFigures(crm, null);
    const total = Object.values(rows).reduce((sum, each) => sum + each, 0);
    stage.figure('Database', `${crmName}, ${formatBytes(statSync(crm).size, 'en')}, WAL mode`);
    stage.figure('Records', `${count(total)}, of them ${count(rows['contacts'])} contacts`);
    stage.figure('For example', sampleNames(crm).join(', '));
    const writer = demo.own(await startCrmWriter(crm, { rate: changesPerSecond, seed }));
    stage.figure('Second program', `process ${writer.pid}, its connection stays open`);
    const { rows: seen } = await writer.sum();
    stage.equal(
      `The second program sees ${count(contacts)} contacts.`,
      seen['contacts'] ?? null,
      contacts,
    );
    return { ...demo, writer };
  });
}

/** Three contacts with names from different scripts, Chinese ones last. */
function sampleNames(crm: string): string[] {
  return withDatabase(crm, (db) => {
    const name = (language: string): unknown =>
      db
        .prepare(
          `SELECT CASE language WHEN 'zh' THEN last_name || first_name ELSE first_name || ' ' || last_name END
           FROM contacts WHERE language = ? ORDER BY length(last_name) DESC, id LIMIT 1`,
        )
        .pluck()
        .get(language);
    return ['en', 'de', 'zh'].map(name).filter((each) => typeof each === 'string');
  });
}

/** Makes the vault; gives its recovery key. */
export async function makePlace(demo: LiveDemo): Promise<string> {
  const { stage } = demo;
  const words = `Copies are encrypted. A passphrase opens them, or the recovery key, which is shown once and belongs on
paper. In earnest this place is a USB disk or a share of another computer; here it is a folder.`;
  return stage.step('place', 'A place for the copies', words, async () => {
    const { answer } = await holdfast(demo, createPlace, createdVault);
    stage.figure('Recovery key', answer.recoveryKey);
    return answer.recoveryKey;
  });
}

/** Ends the second program in good order, and looks at the database that it leaves. */
export async function closeOffice({ stage, writer, crm, contacts }: LiveDemo): Promise<void> {
  const words = `The second program ends. It had the database open all the time, through every backup and restore.`;
  await stage.step('end', 'The end of the day', words, async () => {
    const { busy } = await writer.sum();
    const transactions = await writer.stop();
    stage.figure('Written', `${count(transactions)} transactions by the second program in all`);
    stage.figure('In vain', `it waited for somebody else's lock ${count(busy)} times`);
    const { rows } = readCrmFigures(crm, null);
    stage.equal(`The CRM has all ${count(contacts)} contacts.`, rows['contacts'] ?? null, contacts);
    const [integrity, strays] = withDatabase(crm, (db) => [
      String(db.pragma('integrity_check', { simple: true })),
      (db.pragma('foreign_key_check') as unknown[]).length,
    ]);
    stage.equal("SQLite's integrity check of the CRM says ok.", integrity ?? null, 'ok');
    stage.equal('No record refers to one that is not there.', strays ?? null, 0);
  });
}
