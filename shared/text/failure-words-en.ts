// English words of failures; see failure-words.ts.
import { actionEndWords } from './action-words.ts';
import { formatBytes } from './bytes.ts';
import { formatDuration } from './durations.ts';
import type { FailureWordsByCode } from './failure-words.ts';
import { namesOf } from './names-of.ts';
import { lockWords } from './source-words.ts';

const list = (names: readonly string[]): string => namesOf(names, (count) => `and ${count} more`);
const bytes = (count: number): string => formatBytes(count, 'en');

export const failureWordsEn: FailureWordsByCode = {
  unexpected: ({ detail }) => ({
    title: 'Something unexpected happened',
    cause: `Holdfast met an error that it does not know: ${detail}`,
    nextStep:
      'Try again; if it happens again, the logs folder in the data folder of Holdfast says more.',
  }),
  usage: ({ detail }) => ({
    title: 'The command was not understood',
    cause: `The command cannot be carried out as it was written: ${detail}`,
    nextStep: 'Run it with --help to see an example.',
  }),
  cancelled: () => ({
    title: 'Cancelled',
    cause: 'It was stopped before it had finished; nothing half-done was left behind.',
    nextStep: 'Start it again whenever you like.',
  }),
  'run-too-long': ({ limitMs }) => ({
    title: 'It took too long',
    cause: `It was still not finished after ${formatDuration(limitMs, 'en')} and was stopped; nothing half-done was left behind.`,
    nextStep: 'Check whether the place answers and how fast it is; then start it again.',
  }),
  'agent-gone': () => ({
    title: 'Holdfast has to start its work again',
    cause: 'The part of Holdfast that does the work ended by itself and is being started again.',
    nextStep: 'Wait a moment, then try again.',
  }),
  'place-missing': ({ place }) => ({
    title: 'The place is not there',
    cause: `Nothing was found at ${place}.`,
    nextStep: 'Connect the disk or the network share, or check the path.',
  }),
  'place-not-connected': ({ place, label }) => ({
    title: 'The disk is not connected',
    cause:
      label === null
        ? `The disk with the copy of ${place} is not connected, and nothing was written anywhere else.`
        : `The disk “${label}” with the copy of ${place} is not connected, and nothing was written anywhere else.`,
    nextStep: 'Connect the disk; Holdfast finds it by itself.',
  }),
  'place-unreachable': ({ place, detail }) => ({
    title: 'The place cannot be reached',
    cause: `${place} did not answer (${detail}).`,
    nextStep: 'Check the cable, the network and whether the other computer is on; then try again.',
  }),
  'place-read-only': ({ place }) => ({
    title: 'The place cannot be written to',
    cause: `Holdfast may read ${place}, but not write to it.`,
    nextStep: 'Remove the write protection, or give your user the right to write there.',
  }),
  'place-full': ({ place, neededBytes }) => ({
    title: 'The place is full',
    cause:
      neededBytes === undefined
        ? `There is no room left at ${place}.`
        : `There is no room left at ${place}; about ${bytes(neededBytes)} are needed.`,
    nextStep: 'Free some space there, tidy up old restore points, or add another place.',
  }),
  'place-in-use': ({ place, detail }) => ({
    title: 'The folder holds something else',
    cause: `${place} is not empty and holds no copy made by Holdfast (${detail}).`,
    nextStep: 'Choose an empty folder, or let Holdfast make a new one inside it.',
  }),
  'place-in-source': ({ place, source }) => ({
    title: 'The place lies inside the CRM data',
    cause: `${place} is part of ${source}: each copy would hold all copies before it.`,
    nextStep: 'Choose a place outside of the CRM data, best on another disk.',
  }),
  'share-refused': ({ place, user }) => ({
    title: 'The network share refused the user or the password',
    cause:
      user === null
        ? `The server does not open ${place} to a guest.`
        : `The server does not let ${user} in with this password (${place}).`,
    nextStep:
      user === null
        ? 'Give the user name and the password of the share.'
        : 'Check the user name and type the password of the share again; it may have been changed.',
  }),
  'share-password-needed': ({ place, user }) => ({
    title: 'The password of the network share is needed',
    cause: `Holdfast does not know the password of ${user} for ${place}.`,
    nextStep: 'Type the password of the share; Holdfast keeps it in the keychain of this computer.',
  }),
  'share-missing': ({ place }) => ({
    title: 'The server has no such share',
    cause: `The server answered, but has no share of the name in ${place}.`,
    nextStep: 'Check the name of the share: it is the part after the name of the server.',
  }),
  'share-other-user': ({ place }) => ({
    title: 'Already connected as someone else',
    cause: `This computer is connected to the server of ${place} as another user, and its system allows only one.`,
    nextStep: 'Disconnect the other connection to that server, or use its user for the copies too.',
  }),
  'share-tool-missing': ({ place, needs }) => ({
    title: 'This computer cannot connect network shares yet',
    cause: `To connect ${place}, Holdfast needs ${needs}, which was not found.`,
    nextStep: 'Install it, or connect the share yourself and choose it as a folder.',
  }),
  'vault-missing': ({ place }) => ({
    title: 'No copy was found',
    cause: `${place} is there, but holds no copy made by Holdfast.`,
    nextStep:
      'Check that this is the right disk and folder; create a copy there if it is a new place.',
  }),
  'vault-other': ({ place }) => ({
    title: 'Another copy lies there',
    cause: `${place} holds a copy made by Holdfast, but not the one that was expected.`,
    nextStep: 'Connect the right disk or network share, or check the path.',
  }),
  'vault-exists': ({ place }) => ({
    title: 'There is already a copy',
    cause: `${place} already holds a copy made by Holdfast, and it was left as it is.`,
    nextStep: 'Connect to it, or choose another folder.',
  }),
  'vault-newer': ({ place, version }) => ({
    title: 'A newer Holdfast made this copy',
    cause: `The copy at ${place} has format version ${version}, which this Holdfast does not know.`,
    nextStep: 'Update Holdfast on this computer.',
  }),
  'vault-damaged': ({ place, objects }) => ({
    title: 'The copy is damaged',
    cause: `Parts of the copy at ${place} are missing or unreadable: ${list(objects)}.`,
    nextStep: 'Run a check to see which restore points are affected, and make a full backup now.',
  }),
  'vault-wounded': ({ place, objects }) => ({
    title: 'Parts of the copy are damaged, but nothing is lost',
    cause: `At ${place} these parts are missing or not as they were, and something else stands in for each: ${list(objects)}.`,
    nextStep: 'Make a full backup, and if it happens again, replace the disk.',
  }),
  'vault-busy': ({ place, owner }) => ({
    title: 'The copy is in use',
    cause: `${owner} is working on the copy at ${place} at this moment.`,
    nextStep: 'Wait until it has finished; nothing needs to be unlocked by hand.',
  }),
  'vault-fenced': ({ place, owner }) => ({
    title: 'Another computer took over',
    cause: `While this one was silent, ${owner} took over the copy at ${place}, so this run was not counted.`,
    nextStep: 'Start it again; if it happens often, keep this computer awake during backups.',
  }),
  'key-needed': ({ place }) => ({
    title: 'The passphrase is needed',
    cause: `The copy at ${place} is sealed, and no passphrase is at hand.`,
    nextStep: 'Enter the passphrase or the recovery key.',
  }),
  'key-wrong': ({ place }) => ({
    title: 'Wrong passphrase or recovery key',
    cause: `What was entered does not open the copy at ${place}.`,
    nextStep: 'Try again, mind capital letters; if the passphrase is lost, use the recovery key.',
  }),
  'recovery-key-mistyped': ({ groups }) => ({
    title: 'The recovery key has a typing error',
    cause:
      groups.length === 0
        ? 'The recovery key is not complete, or its groups do not belong together.'
        : `The recovery key is wrong in group ${groups.join(', ')}.`,
    nextStep: 'Compare with your printed recovery kit and correct it.',
  }),
  'kit-forgotten': () => ({
    title: 'Two groups are not enough any more',
    cause:
      'Holdfast compares single groups only on the day a recovery key was made and while it runs; it keeps no recovery key.',
    nextStep: 'Close this and confirm the kit on Home by typing the whole recovery key.',
  }),
  'object-missing': ({ object }) => ({
    title: 'A part of the copy is missing',
    cause: `The file ${object} is no longer in the copy.`,
    nextStep: 'Run a check to see which restore points are affected, and make a full backup now.',
  }),
  'object-damaged': ({ object, detail }) => ({
    title: 'A part of the copy is damaged',
    cause: `The file ${object} is not what was once written (${detail}).`,
    nextStep: 'Run a check to see which restore points are affected, and make a full backup now.',
  }),
  'object-exists': ({ object }) => ({
    title: 'A part of the copy is already there',
    cause: `The file ${object} exists already, and nothing in a copy is ever overwritten.`,
    nextStep: 'Start it again; if it happens again, run a check.',
  }),
  'blocked-by-other-program': ({ path }) => ({
    title: 'Another program is in the way',
    cause: `Another program, often a virus scanner, kept ${path} blocked for more than ten seconds.`,
    nextStep: 'Except this folder from the virus scanner, or close the program, and try again.',
  }),
  'source-missing': ({ path }) => ({
    title: 'CRM data not found',
    cause: `${path} is no longer there.`,
    nextStep:
      'If the CRM was moved, choose its new folder; if it was lost, bring it back from a copy.',
  }),
  'source-unreadable': ({ path, detail }) => ({
    title: 'CRM data cannot be read',
    cause: `${path} could not be read (${detail}).`,
    nextStep: 'Check that your user may read this file and that its disk is well.',
  }),
  'source-busy': ({ path, detail }) => ({
    title: 'CRM data is kept busy',
    cause: `The CRM did not leave ${path} quiet long enough to copy it faithfully (${detail}).`,
    nextStep:
      'Holdfast tries again at the next slot; close the CRM for a moment if you need a copy now.',
  }),
  'source-damaged': ({ path, detail }) => ({
    title: 'CRM data is damaged',
    cause: `The database ${path} itself is damaged (${detail}).`,
    nextStep: 'Do not work on in the CRM; look for the last good restore point and bring it back.',
  }),
  'source-log-untrue': ({ path, pages }) => ({
    title: 'Changes were made past the write-ahead log',
    cause: `In ${path}, ${pages} pages had changed that the database's own log does not tell of; copies since the last complete reading may lack them.`,
    nextStep:
      'This copy has them again, and the file is now read completely each time. Find out which program writes to the file directly.',
  }),
  'source-unsupported': ({ path, detail }) => ({
    title: 'This kind of data is not supported here',
    cause: `${path} cannot be backed up in this way (${detail}).`,
    nextStep: 'Choose the database file itself, or run Holdfast on the computer where it lies.',
  }),
  'point-missing': ({ point }) => ({
    title: 'Restore point not found',
    cause: `There is no restore point ${point} in this copy.`,
    nextStep: 'Choose one from the list of restore points.',
  }),
  'point-damaged': ({ point, objects }) => ({
    title: 'The restore point is damaged',
    cause: `Restore point ${point} needs parts that are missing or damaged: ${list(objects)}.`,
    nextStep:
      'Make a check of all data, and choose a restore point that it does not name: an older full backup, or the same one at another place.',
  }),
  'file-missing-in-point': ({ file, point }) => ({
    title: 'The file is not in this restore point',
    cause: `Restore point ${point} holds no file ${file}.`,
    nextStep: 'Look at what is inside and choose again, or take an older restore point.',
  }),
  'table-missing': ({ table }) => ({
    title: 'The table is not there',
    cause: `There is no table ${table} in this database.`,
    nextStep: 'Choose a table from the list of what is inside.',
  }),
  'rows-missing': ({ table, ids }) => ({
    title: 'Records not found',
    cause: `Table ${table} of this restore point has no records with the keys ${list(ids)}.`,
    nextStep: 'Choose an older restore point, or check the keys.',
  }),
  'schema-differs': ({ table, detail }) => ({
    title: 'The table has changed its shape',
    cause: `Table ${table} looks different now than in the restore point (${detail}).`,
    nextStep: 'Restore the whole database into a folder and take the records over from there.',
  }),
  'target-in-use': ({ path, by, lock }) => ({
    title: 'The file is in use',
    cause:
      by === null && lock !== undefined
        ? `${path} is ${lockWords(lock, 'en')}.`
        : `${by ?? 'Another program'} has ${path} open.`,
    nextStep:
      by === null && lock !== undefined
        ? `Close the CRM there; nothing was changed so far. If nobody has it open any more, delete the lock file ${lock.file}.`
        : 'Close that program; nothing was changed so far.',
  }),
  'target-changed': ({ path }) => ({
    title: 'It has been changed since',
    cause: `${path} was written to after the restore, and undoing would lose that.`,
    nextStep: 'Undo all the same if that is right: the present state is kept first.',
  }),
  'target-exists': ({ path }) => ({
    title: 'There is already something there',
    cause: `${path} exists already and was not overwritten.`,
    nextStep: 'Choose an empty folder or another name.',
  }),
  'target-renamed': ({ path, name }) => ({
    title: 'It came back under another name',
    cause: `This disk cannot have ${name} beside the other files, so it is there as ${path}.`,
    nextStep: 'Nothing is missing. Restore to another disk if the name itself matters.',
  }),
  'target-refused': ({ path, detail }) => ({
    title: 'It cannot be restored there',
    cause: `Nothing was written to ${path}: ${detail}`,
    nextStep: 'Choose another folder on a local disk.',
  }),
  'target-full': ({ path, neededBytes, freeBytes }) => ({
    title: 'Not enough room to restore',
    cause: `${bytes(neededBytes)} are needed at ${path}, but only ${bytes(freeBytes)} are free.`,
    nextStep: 'Free some space, or restore into a folder on another disk.',
  }),
  'no-safety-point': ({ path, detail }) => ({
    title: 'The present state could not be kept',
    cause: `There was no way to keep the present state of ${path} for undoing (${detail}).`,
    nextStep: 'Free some space and try again, or say that you want to go on without undo.',
  }),
  'restore-differs': ({ path, detail }) => ({
    title: 'The restored data is not right',
    cause: `After the restore ${path} was not what the restore point holds (${detail}).`,
    nextStep: 'Undo, run a check, and restore again.',
  }),
  'undo-missing': ({ run }) => ({
    title: 'Nothing to undo',
    cause: `The restore ${run} is not known here, or what was kept for undoing it is gone.`,
    nextStep: 'Choose a restore point from before it instead.',
  }),
  'drill-failed': ({ point, detail }) => ({
    title: 'The restore test failed',
    cause: `Restore point ${point} was brought back on trial and was not right (${detail}).`,
    nextStep: 'Make a full backup now and repeat the restore test.',
  }),
  'plan-missing': ({ plan }) => ({
    title: 'Backup plan not found',
    cause: `There is no backup plan ${plan} on this computer.`,
    nextStep: 'Choose one from the list of plans, or connect to a copy that holds it.',
  }),
  'plan-invalid': ({ plan, detail }) => ({
    title: 'The backup plan is not right',
    cause: `The backup plan ${plan} cannot be used (${detail}).`,
    nextStep: 'Correct the field that is named.',
  }),
  'action-failed': ({ phase, command, end, lines }) => ({
    title:
      phase === 'before'
        ? 'The command before the backup failed'
        : 'The command after the backup failed',
    cause: `${command}: ${actionEndWords(end, 'en')}${lines === '' ? '' : ` (${lines})`}.`,
    nextStep:
      phase === 'before'
        ? 'Run the command by hand to see what it lacks, correct it in the plan, and back up again.'
        : 'Check now whether what it should start is running; then correct the command in the plan.',
  }),
  'actions-not-agreed': ({ plan, commands }) => ({
    title: 'Commands wait for your agreement',
    cause: `The backup plan ${plan} came to this computer with commands that nobody here has agreed to: ${list(commands)}.`,
    nextStep: `Read them. If they are right, run: holdfast plan agree ${JSON.stringify(plan)}`,
  }),
  'prune-refused': ({ place, detail }) => ({
    title: 'Tidying up was held back',
    cause: `To be safe, nothing was removed at ${place} (${detail}).`,
    nextStep: 'Run a check; tidying up goes on by itself once the doubt is gone.',
  }),
};
