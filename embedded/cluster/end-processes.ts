import type { RunningProcess } from '../shared/processes/process-table';
import { stopProcesses } from '../shared/processes/stop-processes';

/** Ends a cluster's processes and waits until they are gone; etcd last, so that the others can finish what they are writing. */
export async function endProcesses(processes: readonly RunningProcess[]): Promise<void> {
  const etcd = processes.filter(({ name }) => name === 'etcd');
  const others = processes.filter(({ name }) => name !== 'etcd');
  // Without etcd there is nothing to finish, but the API server would try to for a minute.
  await stopProcesses(others, etcd.length === 0 ? 0 : undefined);
  await stopProcesses(etcd);
}
