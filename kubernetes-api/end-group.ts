import type { ChildProcess } from 'node:child_process';

/** Kills a program that leads a process group of its own (`detached`), and all that it has started and left behind there. */
export function endGroup({ pid }: ChildProcess): void {
  try {
    if (pid !== undefined) process.kill(-pid, 'SIGKILL');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
