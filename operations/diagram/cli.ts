import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { oneStack, runCommand, UserError } from '../command-line';
import { readStack } from '../verify/stack-file';
import { DIAGRAM_ENVIRONMENT } from './environment';
import { svgOf } from './svg';
import { topologyOf } from './topology';

const USAGE = `Usage: make diagram [STACK=NAME] [FILE=topology.svg]

Draws the topology of a stack as one SVG file: namespaces, services with their nodePorts, the databases with their members,
and who calls whom. It is made of the stack's file and the catalogue; no cluster is asked.

FILE=- writes to standard output. Default: docs/images/topology-NAME.svg
Exit code: 0 written, 2 it could not be
`;

runCommand(USAGE, { output: { type: 'string', short: 'o' } }, ({ values, positionals }) => {
  const project = process.cwd();
  const stack = oneStack(positionals, project);
  const svg = svgOf(topologyOf(readStack(project, stack, DIAGRAM_ENVIRONMENT)));
  const file = values.output ?? path.join('docs/images', `topology-${stack}.svg`);
  if (file === '-') process.stdout.write(svg);
  else write(file, svg);
  return 0;
});

function write(file: string, svg: string): void {
  try {
    writeFileSync(file, svg);
  } catch (error) {
    const { code = '' } = error as { code?: string };
    throw new UserError(`${file} cannot be written (${code}): FILE= names another place`);
  }
  process.stderr.write(`${file}\n`);
}
