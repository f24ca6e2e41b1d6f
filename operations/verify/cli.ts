import { parseArgs } from 'node:util';
import { TOKEN_VARIABLES } from './endpoints';
import { report } from './report';
import { readStack } from './stack-file';
import { verify } from './verify';

const USAGE = `Usage: make verify [STACK=NAME]

Prints what governs the gateway, side by side: as the stack's file wants it, as the Deployment's environment has it, and as
the running gateway has it; then the maps of single clusters, which no Deployment has. Below that, whether every policy that
is bound can be run: onboarded, its archive there with the right checksum, its executor registered, and, where the gateway
offers a dry run, whether it decides as the rule does here (a rule that reads metrics is asked and not compared). Lines that
differ are marked with ≠, those that cannot be seen from here with ?. Last, how old the newest backup of each database is, where
the stack makes any: late is one that two runs in a row have not brought.

Exit code: 0 all agree, 1 something differs or is late, 2 it could not be found out
Environment: KUBECONFIG, PYTHON, ${Object.values(TOKEN_VARIABLES).join(', ')}
`;

class UsageError extends Error {}

async function main(args: string[]): Promise<number> {
  const { help, stack } = parse(args);
  if (help) {
    process.stdout.write(USAGE);
    return 0;
  }
  const verification = await verify(readStack(process.cwd(), stack, process.env), process.env);
  const { text, differs } = report(stack, verification);
  process.stdout.write(text);
  return differs ? 1 : 0;
}

function parse(args: string[]): { help: boolean; stack: string } {
  const { values, positionals } = parsed(args);
  const [stack = '', ...rest] = positionals;
  if (values.help !== true && (stack === '' || rest.length > 0)) throw new UsageError('name one stack');
  return { help: values.help === true, stack };
}

function parsed(args: string[]) {
  try {
    return parseArgs({ args, allowPositionals: true, options: { help: { type: 'boolean', short: 'h' } } });
  } catch {
    throw new UsageError(`there is no such option: ${args.find((arg) => arg.startsWith('-')) ?? ''}`);
  }
}

function explain(error: unknown): string {
  if (error instanceof UsageError) return `${error.message}\n\n${USAGE.trimEnd()}`;
  return error instanceof Error ? error.message : String(error);
}

main(process.argv.slice(2)).then(
  (code) => (process.exitCode = code),
  (error: unknown) => {
    process.stderr.write(`error: ${explain(error)}\n`);
    process.exitCode = 2;
  },
);
