/**
 * Makes the sample CRM in a process of its own, so that the demo can be stopped meanwhile.
 *
 *   node test/demo/create-demo-crm.ts FILE CONTACTS SEED
 */
import { createSampleCrm } from '../support/sample-crm.ts';

const [path, contacts, seed] = process.argv.slice(2);
if (path === undefined) throw new Error('which file?');
const facts = createSampleCrm(path, { seed: Number(seed), size: { contacts: Number(contacts) } });
console.log(JSON.stringify(facts));
