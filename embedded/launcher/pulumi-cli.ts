import { execFileSync } from 'node:child_process';
import { UserError, messageOf } from '../shared/errors';
import { runAttached } from '../shared/processes/run-attached';
import { type RealPulumi, isRecent, pulumiOnPath, trustedPulumi } from '../pulumi';

/**
 * Whether the pulumi CLI is to run the program: it is on the PATH and recent enough.
 *
 * @param warn told why a CLI that is there is not used
 */
export function hasPulumiCli(warn: (message: string) => void): boolean {
  const found = pulumiOnPath();
  if (found === undefined) return false;
  const recent = isRecent(found.version);
  if (!recent)
    warn(`pulumi ${found.version || 'of no version'} is too old: the embedded engine runs the program instead.`);
  return recent;
}

/**
 * The CLI that somebody asked for: the one on the PATH, else the one that `make pulumi` has built.
 *
 * @throws UserError if there is neither
 */
export async function requirePulumiCli(): Promise<RealPulumi> {
  const found = pulumiOnPath() ?? (await trustedPulumi());
  if (found) return found;
  throw new UserError(
    'AIOS_ENGINE=cli: no pulumi is on the PATH, and none is built. Install the CLI, build it with "make pulumi" (22 minutes ' +
      'on two cores), or unset AIOS_ENGINE.',
  );
}

/**
 * Runs the CLI on the terminal of this process.
 *
 * @returns its exit code
 * @throws UserError if it cannot be started
 */
export async function runPulumiCli({ bin, env }: RealPulumi, args: string[], stack: string): Promise<number> {
  try {
    const code = await runAttached(bin, ['stack', 'select', '--create', stack], { env });
    return code === 0 ? await runAttached(bin, args, { env }) : code;
  } catch (error) {
    throw new UserError(`pulumi cannot be started (${messageOf(error)}); unset AIOS_ENGINE to do without.`);
  }
}

/**
 * Has the CLI look at a command line, and do nothing.
 *
 * @throws UserError with its words for what it does not know
 */
export function checkPulumiArguments({ bin, env }: RealPulumi, args: string[]): void {
  try {
    execFileSync(bin, [...args, '--help'], { env, encoding: 'utf8', stdio: ['ignore', 'ignore', 'pipe'] });
  } catch (error) {
    const said = (error as { stderr?: string }).stderr ?? '';
    const [, problem] = /^(?:error: )?(unknown .*)$/m.exec(said) ?? [];
    if (problem !== undefined) throw new UserError(`pulumi ${args.join(' ')}: ${problem}`);
  }
}

/** The stack's outputs, secrets masked. @throws UserError if the CLI does not tell them */
export function pulumiOutputs({ bin, env }: RealPulumi, stack: string): unknown {
  const args = ['stack', 'output', '--json', '--stack', stack];
  try {
    return JSON.parse(execFileSync(bin, args, { encoding: 'utf8', env }));
  } catch (error) {
    throw new UserError(`Stack ${stack} is up, but \`pulumi ${args.join(' ')}\` failed: ${messageOf(error)}`);
  }
}
