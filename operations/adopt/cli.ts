import { Cluster } from '../backup/api';
import { confirmed } from '../backup/confirm';
import { oneStack, runCommand } from '../command-line';
import { stackObjects } from '../stack-objects/objects';
import { readRawConfig, readStack } from '../verify/stack-file';
import { adopt } from './adopt';

const USAGE = `Usage: make adopt STACK=NAME [ARGS='--yes NAME']

Takes over a network that upstream's installer made, for a stack with cluster.adopt: true: says what the cluster has of it and what
the stack says otherwise, asks for the stack's name, and hands the objects over. That changes who has set their fields, and
nothing else; \`make preview\` then shows what the stack changes of them. It can be repeated. docs/adopt.md

  --yes NAME   confirms without a question: NAME is that of the stack
  --help

Exit code: 0 handed over, 1 something has to be mended first, or nobody wanted it, 2 it could not be begun
Environment: KUBECONFIG
`;

runCommand(USAGE, { yes: { type: 'string' } }, async ({ values, positionals }) => {
  const project = process.cwd();
  const stack = oneStack(positionals, project);
  const config = readStack(project, stack, process.env);
  const { objects } = await stackObjects(readRawConfig(project, stack));
  const question = 'Type the name of the stack to hand over, anything else to leave it: ';
  const confirm = () => confirmed(stack, values.yes, { input: process.stdin, output: process.stdout }, question);
  const say = (line: string) => process.stdout.write(`${line}\n`);
  return Cluster.use(config, (cluster) => adopt(cluster, config, objects, confirm, say));
});
