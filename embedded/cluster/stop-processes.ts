import { setTimeout as delay } from 'node:timers/promises';
import { isRunning, type RunningProcess } from './process-table';

/** A process that has not ended in this time is killed, in milliseconds. */
const gracePeriod = 10_000;

const pollInterval = 20;

/** Ends processes and waits until they are gone; etcd last, so that the others can finish what they are writing. */
export async function stopProcesses(processes: readonly RunningProcess[]): Promise<void> {
  const etcd = processes.filter(({ name }) => name === 'etcd');
  const others = processes.filter(({ name }) => name !== 'etcd');
  // Without etcd there is nothing to finish, but the API server would try to for a minute.
  await endAll(others, etcd.length === 0 ? 0 : gracePeriod);
  await endAll(etcd, gracePeriod);
}

async function endAll(processes: readonly RunningProcess[], grace: number): Promise<void> {
  signal(processes, 'SIGTERM');
  const deadline = performance.now() + grace;
  while (processes.some(isRunning) && performance.now() < deadline) await delay(pollInterval);
  signal(processes, 'SIGKILL');
  while (processes.some(isRunning)) await delay(pollInterval);
}

function signal(processes: readonly RunningProcess[], name: NodeJS.Signals): void {
  for (const running of processes.filter(isRunning)) {
    try {
      process.kill(running.pid, name);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error; // ESRCH: ended meanwhile
    }
  }
}
