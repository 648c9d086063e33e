// Words of "I have copies": a new computer, or one that lost its settings.

export const connect = {
  title: 'Bring my CRM back from copies',
  intro:
    'For a new computer, or one that lost its settings: show where the copies are, and open them with your passphrase or recovery key.',
  where: 'Where are the copies?',
  chooseFolder: 'Choose the folder …',
  path: 'Folder of the copies',
  search: 'Look there',
  searching: 'Looking for copies …',
  none: 'There are no copies in this folder, nor one folder below it.',
  found: 'Copies found',
  choose: 'Choose',
  secret: 'Passphrase or recovery key',
  secretHint:
    'The recovery key is on the paper or PDF of your recovery kit. Upper and lower case do not matter.',
  remember:
    'Keep the passphrase in the keychain of this computer, so that backups run by themselves',
  open: 'Open the copies',
  opening: 'Opening …',
  done: 'The copies are connected',
  points_one: '{{count}} restore point',
  points_other: '{{count}} restore points',
  plans: 'Backup plans that came back',
  noPlans:
    'These copies belong to no backup plan. Bring data back on the command line: holdfast restore.',
  known: 'This computer had it already',
  isNew: 'Taken up',
  missing: 'Not on this computer yet: {{paths}}',
  next: 'Bring the CRM back now',
  later: 'Later',
} as const;
