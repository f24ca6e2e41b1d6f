import { spawn } from 'node:child_process';
import path from 'node:path';
import { LEAN } from '../../../embedded/engine/node-options';
import type { RealPulumi } from '../../../embedded/pulumi';
import { resultOf } from '../../integration/harness/workspace';
import type { Engine } from './engine';

const CLI = path.resolve(__dirname, '../../../embedded/engine/cli.ts');
const LOADER = require.resolve('tsx/cjs');

/** What both engines work on. */
export interface Ground {
  /** Of the Pulumi.yaml. */
  readonly directory: string;
  /** Beside this process's: where cluster and network are, the backend, the passphrase. */
  readonly environment: Readonly<Record<string, string>>;
  /** When it aborts, what runs is ended. */
  readonly signal: AbortSignal;
}

export function embeddedEngine(ground: Ground): Engine {
  const names = { name: 'embedded', title: 'the embedded engine' } as const;
  return engine(names, ground, [process.execPath, ...LEAN, '--require', LOADER, CLI], {});
}

/** The real one, with its language host and its providers. */
export function pulumiCli(ground: Ground, { bin, env }: RealPulumi): Engine {
  return engine({ name: 'cli', title: 'the CLI' }, ground, [bin, '--non-interactive'], {
    ...env,
    // Neither the user's plugins nor the user's login.
    PULUMI_HOME: path.join(ground.directory, 'home'),
    PULUMI_SKIP_UPDATE_CHECK: 'true',
    PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: 'true',
  });
}

function engine(
  names: Pick<Engine, 'name' | 'title'>,
  { directory, environment, signal }: Ground,
  [program = '', ...leading]: readonly string[],
  own: NodeJS.ProcessEnv,
): Engine {
  const start = (...args: string[]) =>
    spawn(program, [...leading, ...args, '--stack', 'dev', '--cwd', directory], {
      cwd: directory,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, ...own, ...environment },
      signal,
      killSignal: 'SIGKILL',
    }).on('error', () => undefined);
  return { ...names, start, run: (...args) => resultOf(start(...args)) };
}
