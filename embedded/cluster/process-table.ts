import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import path from 'node:path';

/** A process that is running now. */
export interface RunningProcess {
  readonly pid: number;
  /** In clock ticks since boot. With the pid it names a process for good, even if the pid is used again. */
  readonly startTime: string;
  /** Program name: last part of `argv[0]`. */
  readonly name: string;
  readonly argv: readonly string[];
  /** Its working directory was deleted: it serves files that nobody can reach any more. */
  readonly isOrphaned: boolean;
}

/**
 * The processes of the named programs that work in `directory`, as the kernel knows them. Nothing is kept in pid files,
 * so nothing can be stale: a predecessor that was killed at any point left no wrong information behind.
 */
export function findProcesses(directory: string, programs: readonly string[]): RunningProcess[] {
  const found: RunningProcess[] = [];
  for (const entry of readdirSync('/proc')) {
    if (!/^\d+$/.test(entry)) continue;
    const candidate = readProcess(Number(entry), directory);
    if (candidate && programs.includes(candidate.name)) found.push(candidate);
  }
  return found;
}

/** @returns undefined if there is no such process, or only what is left of one that has ended */
export function processStartTime(pid: number): string | undefined {
  try {
    return parseStartTime(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return undefined;
  }
}

/** @param stat content of /proc/PID/stat. The second field is the program's name, and may contain anything. */
export function parseStartTime(stat: string): string | undefined {
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const hasEnded = fields[0] === 'Z' || fields[0] === 'X';
  return hasEnded ? undefined : fields[19];
}

export function isRunning({ pid, startTime }: Pick<RunningProcess, 'pid' | 'startTime'>): boolean {
  return processStartTime(pid) === startTime;
}

function readProcess(pid: number, directory: string): RunningProcess | undefined {
  try {
    const workingDirectory = readlinkSync(`/proc/${pid}/cwd`);
    const isOrphaned = workingDirectory === `${directory} (deleted)`;
    if (workingDirectory !== directory && !isOrphaned) return undefined;
    const argv = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').slice(0, -1);
    const startTime = processStartTime(pid);
    if (startTime === undefined || argv[0] === undefined) return undefined;
    return { pid, startTime, name: path.basename(argv[0]), argv, isOrphaned };
  } catch {
    return undefined; // ended meanwhile, or another user's
  }
}
