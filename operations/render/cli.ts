import { oneStack, runCommand, UserError } from '../command-line';
import { stackObjects } from '../stack-objects/objects';
import { readOfflineStack } from '../stack-objects/offline-stack';
import { filesOf } from './files';
import { writeFolder } from './folder';

const USAGE = `Usage: make render DIR=FOLDER [STACK=NAME] [ARGS=--sealed-out]

Writes every object that a stack makes of Kubernetes as YAML, one file an object, for reviews, GitOps and diff tools: needs
neither a cluster nor credentials. FOLDER/NAMESPACE/KIND-NAME.yaml; what belongs to no namespace is in 0-cluster. Secrets are
written with their contents masked; with --sealed-out not at all. Files of an earlier render that the stack no longer has are
removed, and no others.

Not among them: labels that the stack gives to nodes (they are listed), copies of the pull Secret of services.pullSecretFrom, and what
governance writes through the network's APIs.

Exit code: 0 written, 2 it could not be
`;

const OPTIONS = { dir: { type: 'string' }, 'sealed-out': { type: 'boolean' } } as const;

runCommand(USAGE, OPTIONS, async ({ values, positionals }) => {
  const { dir = '', 'sealed-out': sealedOut = false } = values;
  if (dir === '') throw new UserError('DIR: name the folder, DIR=rendered');
  const stack = oneStack(positionals, process.cwd());
  const { raw, config } = readOfflineStack(process.cwd(), stack);
  const { objects } = await stackObjects(raw);
  const { written, removed } = writeFolder(dir, filesOf(objects, { withSecrets: !sealedOut }));
  const nodes = [...new Set([...config.registry.nodes, ...config.metrics.nodes])];
  process.stdout.write(
    [
      `${written} objects of stack ${stack} in ${dir}${removed.length === 0 ? '' : `; removed, as the stack no longer has them: ${removed.length}`}`,
      ...(nodes.length === 0 ? [] : [`Not among them: the labels of the nodes ${nodes.join(', ')}`]),
      '',
    ].join('\n'),
  );
  return 0;
});
