import { spawnSync } from 'node:child_process';
import { RunError } from '@pulumi/pulumi/errors';

/** A Python that rules can run in. */
export interface Python {
  command: string;
  /** For example 3.11.7. */
  version: string;
}

const OLDEST: readonly [number, number] = [3, 9];

/**
 * Finds the Python that rules run in.
 * @param command default: `$PYTHON`, else python3
 * @throws RunError in one sentence where there is none, or only an older one
 */
export function findPython(command: string = process.env.PYTHON ?? 'python3'): Python {
  const { stdout } = spawnSync(command, ['-I', '-c', 'import platform; print(platform.python_version())'], {
    encoding: 'utf8',
    timeout: 20_000,
  });
  // Without the command there is no output at all, whatever the types say.
  const version = (stdout as string | null)?.trim() ?? '';
  const [major = 0, minor = 0] = version.split('.').map(Number);
  if (major > OLDEST[0] || (major === OLDEST[0] && minor >= OLDEST[1])) return { command, version };
  const found = version === '' ? `${command} cannot be run` : `${command} is ${version}`;
  throw new RunError(
    `rules are Python and need ${OLDEST.join('.')} or newer to be tested, but ${found}; install it, or name another one with PYTHON=/path/to/python3`,
  );
}
