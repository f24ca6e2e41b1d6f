import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { dnsLabel } from '../../infra/config/scalars';
import { YamlError, parseYaml } from '../../stack-file';
import { oneStack, runCommand, UserError } from '../command-line';
import { newStack, todo } from './new-stack';

const USAGE = `Usage: make stack NAME=eu-1 FROM=prod

Writes stacks/Pulumi.NAME.yaml, a stack like another: its file with its comments, under another name. Encrypted values are not
taken over, nor what belongs to one cluster or network (context, advertised host, nodes, executors, endpoints, clusters with
policies of their own): a comment stands where something has to be filled in, and the program refuses the stack until what
it needs is there. With all of it filled in the file would be valid: that is tried before it is written.

Exit code: 0 written, 2 it could not be
`;

runCommand(USAGE, { from: { type: 'string' } }, ({ values, positionals }) => {
  const project = process.cwd();
  const [name = '', ...rest] = positionals;
  if (name === '' || rest.length > 0) throw new UserError('NAME: name one new stack, NAME=eu-1');
  const { error } = dnsLabel.safeParse(name);
  if (error)
    throw new UserError(`NAME: "${name}" ${error.issues[0]?.message ?? 'is no name'} (it names the network, too)`);
  const from = oneStack([values.from ?? ''], project);
  const names = { from, name };
  const text = readValid(fileOf(project, from), from);
  const made = newStack(text, names);
  write(fileOf(project, name), made.text);
  process.stdout.write(
    [
      `stacks/Pulumi.${name}.yaml: like ${from}, with network.name ${name}.`,
      '',
      ...todo(made, names),
      '',
      'Then:',
      `  make doctor STACK=${name}`,
      `  make preview STACK=${name}`,
      '',
    ].join('\n'),
  );
  return 0;
});

const fileOf = (project: string, stack: string) => path.join(project, 'stacks', `Pulumi.${stack}.yaml`);

function readValid(file: string, stack: string): string {
  const text = readFileSync(file, 'utf8');
  try {
    parseYaml(text);
    return text;
  } catch (error) {
    if (!(error instanceof YamlError)) throw error;
    throw new UserError(`stacks/Pulumi.${stack}.yaml:${error.line}:${error.column}: ${error.message}`);
  }
}

function write(file: string, text: string): void {
  try {
    writeFileSync(file, text, { flag: 'wx' });
  } catch (error) {
    const { code = '' } = error as { code?: string };
    const name = path.basename(file);
    const problem =
      code === 'EEXIST' ? 'is there already: take another NAME, or remove it' : `cannot be written (${code})`;
    throw new UserError(`stacks/${name} ${problem}`);
  }
}
