import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  ownIdentity,
  startTimeOf,
  type ProcessIdentity,
} from '../../../../../embedded/shared/processes/process-identity';

/** A process that was killed. */
export async function endedProcess(): Promise<ProcessIdentity> {
  const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']);
  const exit = once(child, 'exit');
  await once(child, 'spawn');
  const pid = child.pid ?? 0;
  const identity = { ...ownIdentity(), pid, startTime: startTimeOf(pid) ?? '' };
  child.kill('SIGKILL');
  await exit;
  return identity;
}
