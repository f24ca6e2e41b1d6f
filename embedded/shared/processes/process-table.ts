import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import path from 'node:path';
import { startTimeOf } from './process-identity';

/** A process that is running now. */
export interface RunningProcess {
  readonly pid: number;
  /** With the pid it names a process for good: see {@link startTimeOf}. */
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

export function isRunning({ pid, startTime }: Pick<RunningProcess, 'pid' | 'startTime'>): boolean {
  return startTimeOf(pid) === startTime;
}

function readProcess(pid: number, directory: string): RunningProcess | undefined {
  try {
    const workingDirectory = readlinkSync(`/proc/${pid}/cwd`);
    const isOrphaned = workingDirectory === `${directory} (deleted)`;
    if (workingDirectory !== directory && !isOrphaned) return undefined;
    const argv = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').slice(0, -1);
    const startTime = startTimeOf(pid);
    if (startTime === undefined || argv[0] === undefined) return undefined;
    return { pid, startTime, name: path.basename(argv[0]), argv, isOrphaned };
  } catch {
    return undefined; // ended meanwhile, or another user's
  }
}
