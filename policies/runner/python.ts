import { spawnSync } from 'node:child_process';
import { RunError } from '@pulumi/pulumi/errors';

/** A Python that rules can run in. */
export interface Python {
  /** The interpreter itself, whatever launcher of a version manager the name led to. */
  readonly command: string;
  /** For example 3.11.7. */
  readonly version: string;
}

/** What zoneinfo, which rules may use, and the runner's own code need. */
const OLDEST: readonly [number, number] = [3, 9];

const found = new Map<string, Python>();

/**
 * Finds the Python that rules run in. What was found once is not looked for again.
 * @param command default: `$PYTHON`, else python3
 * @throws RunError in one sentence where there is none, or only an older one
 */
export function findPython(command: string = defaultCommand()): Python {
  const known = found.get(command);
  if (known) return known;
  const { stdout } = spawnSync(
    command,
    ['-I', '-c', 'import platform, sys; print(platform.python_version(), sys.executable)'],
    { encoding: 'utf8', timeout: 20_000 },
  );
  // Without the command there is no output at all, whatever the types say.
  const [version = '', ...executable] = ((stdout as string | null) ?? '').trim().split(' ');
  const [major = 0, minor = 0] = version.split('.').map(Number);
  if (major > OLDEST[0] || (major === OLDEST[0] && minor >= OLDEST[1])) {
    const python = { command: executable.join(' '), version };
    found.set(command, python);
    return python;
  }
  const problem = version === '' ? `${command} cannot be run` : `${command} is ${version}`;
  throw new RunError(
    `rules are Python and need ${OLDEST.join('.')} or newer to run here, but ${problem}; install it, or name another one with PYTHON=/path/to/python3`,
  );
}

/** An empty variable is none, as for make. */
function defaultCommand(): string {
  const { PYTHON } = process.env;
  return PYTHON === undefined || PYTHON === '' ? 'python3' : PYTHON;
}
