import { execFileSync } from 'node:child_process';
import { UserError, codeOf, messageOf } from '../shared/errors';
import { runAttached } from '../shared/processes/run-attached';

/** The oldest CLI that knows everything the program uses: that of the SDK in package.json. */
const OLDEST = [3, 248] as const;

/**
 * Whether the pulumi CLI is to run the program: it is on the PATH and recent enough.
 *
 * @param warn told why a CLI that is there is not used
 */
export function hasPulumiCli(warn: (message: string) => void): boolean {
  const version = pulumiVersion();
  if (version === undefined) return false;
  const [major = 0, minor = 0] = version.replace(/^v/, '').split('.').map(Number);
  const recent = major > OLDEST[0] || (major === OLDEST[0] && minor >= OLDEST[1]);
  if (!recent)
    warn(
      `pulumi ${version || 'of no version'} is older than v${OLDEST.join('.')}: the embedded engine runs the program instead.`,
    );
  return recent;
}

function pulumiVersion(): string | undefined {
  try {
    return execFileSync('pulumi', ['version'], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
  } catch {
    return undefined;
  }
}

/**
 * Runs the CLI on the terminal of this process.
 *
 * @returns its exit code
 * @throws UserError if it cannot be started
 */
export async function runPulumiCli(args: string[], stack: string, env: NodeJS.ProcessEnv): Promise<number> {
  try {
    const code = await runAttached('pulumi', ['stack', 'select', '--create', stack], { env });
    return code === 0 ? await runAttached('pulumi', args, { env }) : code;
  } catch (error) {
    const problem = codeOf(error) === 'ENOENT' ? 'it is not on the PATH' : messageOf(error);
    throw new UserError(
      `AIOS_ENGINE=cli: pulumi cannot be started (${problem}); install the CLI, or unset AIOS_ENGINE`,
    );
  }
}

/** The stack's outputs, secrets masked. @throws UserError if the CLI does not tell them */
export function pulumiOutputs(stack: string, env: NodeJS.ProcessEnv): unknown {
  const args = ['stack', 'output', '--json', '--stack', stack];
  try {
    return JSON.parse(execFileSync('pulumi', args, { encoding: 'utf8', env }));
  } catch (error) {
    throw new UserError(`Stack ${stack} is up, but \`pulumi ${args.join(' ')}\` failed: ${messageOf(error)}`);
  }
}
