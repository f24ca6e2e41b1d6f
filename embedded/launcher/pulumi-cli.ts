import { execFileSync, spawnSync } from 'node:child_process';
import { UserError } from '../shared/errors';

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
export function runPulumiCli(args: string[], stack: string, environment: NodeJS.ProcessEnv): number {
  const options = { stdio: 'inherit' as const, env: environment };
  const selected = spawnSync('pulumi', ['stack', 'select', '--create', stack], options);
  if (selected.error) {
    throw new UserError(
      `AIOS_ENGINE=cli: pulumi cannot be started (${selected.error.message}); install the CLI, or unset AIOS_ENGINE`,
    );
  }
  if (selected.status !== 0) return selected.status ?? 1;
  return spawnSync('pulumi', args, options).status ?? 1;
}

/** The stack's outputs, secrets masked. */
export function pulumiOutputs(stack: string, environment: NodeJS.ProcessEnv): unknown {
  const args = ['stack', 'output', '--json', '--stack', stack];
  return JSON.parse(execFileSync('pulumi', args, { encoding: 'utf8', env: environment }));
}
