import { type ChildProcess, spawn, type SpawnOptions } from 'node:child_process';
import { constants } from 'node:os';

/**
 * Runs a program on this process's terminal and waits for its end. Ctrl-C reaches it through the terminal; what this
 * process alone is told (SIGTERM, SIGHUP, where there is no terminal SIGINT) is handed on as SIGINT, upon which it ends in
 * order: this process never ends before it.
 *
 * @param options.stdio default: all three are this process's
 * @param onStart is handed the process, to read what it prints into a pipe
 * @returns its exit code, in a shell's way (128 and the signal's number) if a signal ended it
 * @throws Error with the code ENOENT if there is no such program
 */
export async function runAttached(
  program: string,
  args: readonly string[],
  options: Pick<SpawnOptions, 'cwd' | 'env' | 'stdio'> = {},
  onStart: (child: ChildProcess) => void = () => undefined,
): Promise<number> {
  const child = spawn(program, args, { stdio: 'inherit', ...options });
  onStart(child);
  const handOn = () => void child.kill('SIGINT');
  // A second one from us would be the user's second, which makes the pulumi CLI stop at once.
  const onInterrupt = hasTerminal() ? () => undefined : handOn;
  process.on('SIGINT', onInterrupt).on('SIGTERM', handOn).on('SIGHUP', handOn);
  try {
    return await new Promise<number>((resolve, reject) => {
      child.once('error', reject).once('close', (code, signal) => resolve(code ?? 128 + numberOf(signal)));
    });
  } finally {
    process.off('SIGINT', onInterrupt).off('SIGTERM', handOn).off('SIGHUP', handOn);
  }
}

const hasTerminal = () => [process.stdin, process.stdout, process.stderr].some(({ isTTY }) => isTTY);

const numberOf = (signal: NodeJS.Signals | null) => (signal === null ? 0 : constants.signals[signal]);
