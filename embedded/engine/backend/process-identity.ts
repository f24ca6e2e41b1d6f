import { readFileSync, readlinkSync } from 'node:fs';

const CLOCK_TICKS_PER_SECOND = 100;
/** The granularity of the clocks involved, generously. */
const TOLERANCE_MS = 5_000;

/** Whether a process of this machine that wrote a file at some time is certainly not running any more. */
export function hasEnded(pid: number, wroteAt: Date): boolean {
  if (!exists(pid)) return true;
  const startedAt = startOf(pid);
  return startedAt !== undefined && startedAt.getTime() > wroteAt.getTime() + TOLERANCE_MS;
}

/** Identifies the set of processes that pids of this process refer to; undefined where the system doesn't tell. */
export function pidNamespace(): string | undefined {
  try {
    return readlinkSync('/proc/self/ns/pid');
  } catch {
    return undefined;
  }
}

function exists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH';
  }
}

/** When the process that has a pid now was started: a pid may have been given to another one. */
function startOf(pid: number): Date | undefined {
  try {
    // The program's name, in brackets, may hold anything: the numbered fields start behind it.
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ') ?? [];
    const [uptime = NaN] = readFileSync('/proc/uptime', 'utf8').split(' ').map(Number);
    const startedAfterBoot = Number(fields[19]) / CLOCK_TICKS_PER_SECOND;
    const ageMs = (uptime - startedAfterBoot) * 1000;
    return Number.isFinite(ageMs) ? new Date(Date.now() - ageMs) : undefined;
  } catch {
    return undefined;
  }
}
