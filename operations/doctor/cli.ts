import { oneStack, runCommand } from '../command-line';
import { stackObjects } from '../stack-objects/objects';
import { readRawConfig, readStack } from '../verify/stack-file';
import { examine } from './doctor';
import { report } from './report';

const USAGE = `Usage: make doctor [STACK=NAME] [ARGS=--json]

Examines the cluster of a stack, before \`make up\`, for what would stand in the way: version, rights, nodes, room, processors,
storage, nodePorts, names, pull Secrets, what admission refuses, the network. Asks with the stack's context, and changes
nothing: what is created is a dry run. Each line says what is so, and what to do about it where something is.

  --json   the findings as a list of objects: check, state, result, fix

Exit code: 0 nothing stands in the way, 1 something does, 2 the cluster could not be looked at
Environment: KUBECONFIG
`;

runCommand(USAGE, { json: { type: 'boolean' } }, async ({ values, positionals }) => {
  const project = process.cwd();
  const stack = oneStack(positionals, project);
  const config = readStack(project, stack, process.env);
  if (process.stderr.isTTY) process.stderr.write(`Examining ${config.cluster.context} for stack ${stack}\n`);
  const findings = await examine({ config, ...(await stackObjects(readRawConfig(project, stack))) }, config.cluster);
  const text =
    values.json === true ? `${JSON.stringify(findings, null, 2)}\n` : report(stack, config.cluster.context, findings);
  process.stdout.write(text);
  return findings.some(({ state }) => state === 'problem') ? 1 : 0;
});
