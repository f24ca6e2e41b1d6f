import { readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { type Forge, ForgeError } from './forge';
import { GitHub } from './github';
import { GitLab } from './gitlab';
import { keepComment, keepIssue } from './keep-one';
import { driftOf } from './drift';

const USAGE = `Usage: node --require tsx/cjs operations/pull-request/cli.ts COMMAND OPTIONS

Writes to GitHub or GitLab from a pipeline, always over what it wrote before: one comment a pull request, one issue a stack.

  comment  --name NAME --body FILE, and --pull-request NUMBER or, on GitHub, --head OWNER:BRANCH --sha COMMIT
           the comment of that name below a pull request: written, or written over
  drift    --stack NAME --plan FILE --body FILE [--run URL]
           the issue of a stack that is no longer as its file says: opened or written over if the plan (that of
           \`pulumi preview --refresh --json\`) changes something, closed if it does not

Environment, as pipelines have it: GITHUB_API_URL, GITHUB_REPOSITORY, GITHUB_TOKEN, and GITHUB_LOGIN where that is not the
workflow's own (default: github-actions[bot]); or CI_API_V4_URL, CI_PROJECT_ID, GITLAB_TOKEN.
Exit code: 0 written, 1 not, 2 wrong usage
`;

class UsageError extends Error {}

type Options = Readonly<Partial<Record<string, string>>>;

const COMMANDS: Readonly<Record<string, (options: Options) => Promise<string>>> = { comment, drift };

async function main([name = '', ...args]: string[]): Promise<void> {
  if (['', '-h', '--help', 'help'].includes(name)) {
    process.stdout.write(USAGE);
    return;
  }
  const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (command === undefined) throw new UsageError(`"${name}" is not a command`);
  process.stdout.write(`${await command(parse(args))}\n`);
}

async function comment(options: Options): Promise<string> {
  const [name, file] = [required(options, 'name'), required(options, 'body')];
  const forge = forgeOf(process.env);
  const pullRequest = options['pull-request'] ?? (await pullRequestOf(forge, options));
  if (!/^\d+$/.test(pullRequest)) throw new UsageError(`--pull-request ${pullRequest}: must be a number`);
  const existed = await keepComment(forge, pullRequest, name, await readText(file));
  return `${existed ? 'Updated' : 'Wrote'} comment "${name}" of #${pullRequest}`;
}

function pullRequestOf(forge: Forge, options: Options): Promise<string> {
  if (!(forge instanceof GitHub)) throw new UsageError('name the --pull-request');
  return forge.pullRequestOf(required(options, 'head'), required(options, 'sha'));
}

async function drift(options: Options): Promise<string> {
  const [stack, plan, file] = [required(options, 'stack'), required(options, 'plan'), required(options, 'body')];
  const changes = driftOf(await readText(plan));
  const run = options.run === undefined ? '' : `\n\nFound by ${options.run}`;
  const outcome = await keepIssue(forgeOf(process.env), {
    name: `drift of ${stack}`,
    title: `Stack ${stack} has drifted`,
    body: changes === 0 ? undefined : `${await readText(file)}${run}`,
    farewell: `Stack ${stack} is as its file says again.${run}`,
  });
  return `${stack}: ${changes} resources differ; issue: ${outcome}`;
}

function forgeOf(env: NodeJS.ProcessEnv): Forge {
  return env.CI_API_V4_URL === undefined ? new GitHub(env) : new GitLab(env);
}

function required(options: Options, name: string): string {
  const value = options[name];
  if (value === undefined || value === '') throw new UsageError(`--${name} is missing`);
  return value;
}

async function readText(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    throw new ForgeError(`${file} cannot be read: ${(error as Error).message}`);
  }
}

function parse(args: string[]): Options {
  const names = ['name', 'body', 'pull-request', 'head', 'sha', 'stack', 'plan', 'run'];
  const options = Object.fromEntries(names.map((name) => [name, { type: 'string' as const }]));
  try {
    return parseArgs({ args, options }).values;
  } catch (error) {
    throw new UsageError((error as Error).message.replace(/\. To specify .*/s, ''));
  }
}

main(process.argv.slice(2)).catch((error: unknown) => {
  const isUsage = error instanceof UsageError;
  const isTold = isUsage || error instanceof ForgeError;
  const { message, stack } = error as Error;
  process.stderr.write(`error: ${isTold ? message : (stack ?? message)}${isUsage ? ' (see --help)' : ''}\n`);
  process.exitCode = isUsage ? 2 : 1;
});
