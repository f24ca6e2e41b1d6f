import { UserError, oneStack, runCommand } from '../command-line';
import { stackObjects } from '../stack-objects/objects';
import { TOKEN_VARIABLES } from './governance/endpoints';
import { documentOf } from './json';
import { report } from './report';
import { readRawConfig, readStack } from './stack-file';
import { type Verification, stateOf, verify } from './verify';
import { watch } from './watch';

const USAGE = `Usage: make verify [STACK=NAME] [ARGS='--json|--watch|--drift']

Compares what a stack wants with what its cluster has, and changes nothing:

  settings      of governance, side by side: the stack's file, the gateway's Deployment, the gateway that runs
  governance    every policy that is bound: onboarded, its archive there, its executor registered, deciding as the rule does here
  workloads     every Deployment and StatefulSet: there, its newest form seen, all pods ready, on the wanted images (contents, too)
  databases     their members: how many serve, whether that is a majority, what keeps the others
  volumes       every claim: bound, as large as wanted, growing or not able to
  services      every Service: there, at its node ports, with pods that answer
  backups       how old the newest is; late is one that two runs in a row have not brought
  certificates  when those end that the stack serves with, where it does
  drift         with --drift: every object but Secrets, applied as a dry run, for whether an update would change it

Lines that differ are marked with ≠, those that cannot be seen from here or may not be read with ?.

  --json           one document: stack, context, time, state (good, bad, unread), findings (check, subject, state, text), settings
  --drift          compares every object, too; needs the right to patch them, and uses it for dry runs
  --watch          looks again and again until Ctrl-C, and prints what has changed; with --json a document each time, a line each
  --every SECONDS  between two looks; default: 10

Exit code: 0 all agree, or Ctrl-C; 1 something is not as wanted, or late; 2 it could not be found out, or not all of it
Environment: KUBECONFIG, PYTHON, ${Object.values(TOKEN_VARIABLES).join(', ')}
`;

const OPTIONS = {
  json: { type: 'boolean' },
  drift: { type: 'boolean' },
  watch: { type: 'boolean' },
  every: { type: 'string' },
} as const;

const EXIT_CODES = { good: 0, bad: 1, unread: 2 } as const;

runCommand(USAGE, OPTIONS, async ({ values, positionals }) => {
  const { json = false, drift = false } = values;
  const every = secondsOf(values.every);
  const project = process.cwd();
  const stack = oneStack(positionals, project);
  // What the program would register is found out in an environment that stands in for this one.
  const env = { ...process.env };
  const config = readStack(project, stack, env);
  const { context } = config.cluster;
  if (process.stderr.isTTY) process.stderr.write(`Comparing stack ${stack} with ${context}\n`);
  const subject = { config, ...(await stackObjects(readRawConfig(project, stack))) };
  const look = () => verify(subject, { env, drift });
  if (values.watch !== true) {
    const verification = await look();
    const document = () => `${JSON.stringify(documentOf(stack, context, verification, new Date()), null, 2)}\n`;
    process.stdout.write(json ? document() : report(stack, context, verification));
    return EXIT_CODES[stateOf(verification)];
  }
  // Nothing is changed here, and so nothing has to be brought to an end.
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(0));
  await watch({ look, every, ...(json ? inJson(stack, context) : inWords(stack, context)) });
  return 0;
});

function secondsOf(text = '10'): number {
  const seconds = Number(text);
  if (!(seconds >= 1)) throw new UserError(`--every: "${text}" is no number of seconds from 1 on`);
  return seconds;
}

const complain = (message: string) => process.stderr.write(`${new Date().toISOString()} ? ${message}\n`);

const inJson = (stack: string, context: string) => ({
  tell: (verification: Verification) => {
    process.stdout.write(`${JSON.stringify(documentOf(stack, context, verification, new Date()))}\n`);
  },
  complain,
});

const inWords = (stack: string, context: string) => ({
  tell: (verification: Verification, changes: readonly string[], isFirst: boolean) => {
    const time = new Date().toISOString();
    const lines = changes.map((line) => `${time} ${line}\n`);
    process.stdout.write(isFirst ? `${report(stack, context, verification)}\n` : lines.join(''));
  },
  complain,
});
