import { DATABASE_SECTIONS, type DatabaseKey } from '../../infra/catalogue';
import { oneStack, runCommand, UserError } from '../command-line';
import { readStack } from '../verify/stack-file';
import { Cluster } from './api';
import { backupNow } from './backup-now';
import { confirmed } from './confirm';
import { NEWEST } from './manifest';
import { rehearse } from './rehearse';
import { restore } from './restore';

const USAGE = `Usage: make backup           STACK=NAME DATABASE=registry|metrics
       make restore          STACK=NAME DATABASE=registry|metrics [BACKUP=NAME] [FROM=STACK] [ARGS='--yes NAME']
       make rehearse-restore STACK=NAME DATABASE=registry|metrics [BACKUP=NAME]

backup makes one now. restore says what it would replace, asks for the stack's name, stops the services that use the database,
restores, and starts them again. rehearse-restore restores into a mongod that is made for it, and compares. BACKUP is the name of a
backup; default: the newest. FROM is a stack whose backups are in the same bucket.

  --yes NAME   confirms a restore without a question: NAME is that of the stack
  --help

Exit code: 0 done, 1 it failed, or not all came back, or nobody wanted it, 2 it could not be begun
Environment: KUBECONFIG
`;

const OPTIONS = {
  database: { type: 'string' },
  backup: { type: 'string', default: NEWEST },
  from: { type: 'string' },
  yes: { type: 'string' },
} as const;

runCommand(USAGE, OPTIONS, ({ values, positionals: [command = '', ...rest] }) => {
  const checkout = process.cwd();
  const stack = oneStack(rest, checkout);
  const { backup, from, yes } = values;
  const section = sectionOf(values.database);
  const read = (name: string) => readStack(checkout, name, process.env);
  const config = read(stack);
  const other = from === undefined ? {} : { from: read(oneStack([from], checkout)) };
  const say = (line: string) => process.stdout.write(`${line}\n`);
  const confirm = () => confirmed(stack, yes, { input: process.stdin, output: process.stdout });
  return Cluster.use(config, (cluster) => {
    if (command === 'backup') return backupNow(cluster, config, section, say);
    if (command === 'restore') return restore(cluster, config, { section, backup, ...other, confirm }, say);
    if (command === 'rehearse') return rehearse(cluster, config, { section, backup }, say);
    throw new UserError(`"${command}" is none of backup, restore and rehearse (see --help)`);
  });
});

function sectionOf(database: string | undefined): DatabaseKey {
  const section = DATABASE_SECTIONS.find((known) => known === database);
  if (section) return section;
  throw new UserError(
    `name one database, DATABASE=${DATABASE_SECTIONS.join('|')}${database ? `, and not ${database}` : ''} (see --help)`,
  );
}
