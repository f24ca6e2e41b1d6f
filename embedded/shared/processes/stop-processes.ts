import { setTimeout as delay } from 'node:timers/promises';
import { codeOf } from '../errors';
import { isRunning, type RunningProcess } from './process-table';

/** A process that has not ended in this time is killed, in milliseconds. */
const GRACE_PERIOD = 10_000;

const POLL_INTERVAL = 20;

/**
 * Ends processes and waits until they are gone.
 * @param grace milliseconds until those that have not ended are killed. Default: 10 seconds
 */
export async function stopProcesses(processes: readonly RunningProcess[], grace = GRACE_PERIOD): Promise<void> {
  signal(processes, 'SIGTERM');
  const deadline = performance.now() + grace;
  while (processes.some(isRunning) && performance.now() < deadline) await delay(POLL_INTERVAL);
  signal(processes, 'SIGKILL');
  while (processes.some(isRunning)) await delay(POLL_INTERVAL);
}

function signal(processes: readonly RunningProcess[], name: NodeJS.Signals): void {
  for (const running of processes.filter(isRunning)) {
    try {
      process.kill(running.pid, name);
    } catch (error) {
      if (codeOf(error) !== 'ESRCH') throw error; // ESRCH: ended meanwhile
    }
  }
}
