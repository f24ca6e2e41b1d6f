import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';

/**
 * Names a process for good. A pid alone does not: it means something on one machine, in one container, until the process
 * ends, and is then given to another.
 */
export interface ProcessIdentity {
  readonly pid: number;
  readonly hostname: string;
  /** In clock ticks since boot. */
  readonly startTime?: string;
  /** What the ticks are counted from. */
  readonly bootId?: string;
  /** Within which `pid` means something. */
  readonly pidNamespace?: string;
}

/** `unseen`: it is (or was) on another machine or in another container. */
export type Liveness = 'running' | 'ended' | 'unseen';

/** This process. Parts that the system does not tell are absent. */
export function ownIdentity(): ProcessIdentity {
  const known = { startTime: startTimeOf(process.pid), bootId: bootId(), pidNamespace: pidNamespace() };
  return { pid: process.pid, hostname: hostname(), ...withoutUndefined(known) };
}

/**
 * Whether a process still runs.
 * @param wroteAt a time at which it certainly ran: tells it from a later one with its pid where its start is not known
 */
export function livenessOf(process: ProcessIdentity, wroteAt?: Date): Liveness {
  if (process.hostname !== hostname()) return 'unseen';
  const ownBoot = bootId();
  if (process.bootId !== undefined && ownBoot !== undefined && process.bootId !== ownBoot) return 'ended';
  if (process.pidNamespace !== undefined && process.pidNamespace !== pidNamespace()) return 'unseen';
  const stat = read(`/proc/${process.pid}/stat`);
  // Without /proc, and where another user's is hidden, that there is a process is all that can be known.
  if (stat === undefined) return exists(process.pid) ? 'running' : 'ended';
  const startTime = parseStartTime(stat);
  const isAnother =
    process.startTime === undefined ? startedAfter(startTime, wroteAt) : startTime !== process.startTime;
  return startTime === undefined || isAnother ? 'ended' : 'running';
}

/**
 * When a process was started, in clock ticks since boot.
 * @returns undefined if there is no such process, or only what is left of one that has ended
 */
export function startTimeOf(pid: number): string | undefined {
  const stat = read(`/proc/${pid}/stat`);
  return stat === undefined ? undefined : parseStartTime(stat);
}

/** @param stat content of /proc/PID/stat. The second field is the program's name, and may contain anything. */
export function parseStartTime(stat: string): string | undefined {
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const hasEnded = fields[0] === 'Z' || fields[0] === 'X';
  return hasEnded ? undefined : fields[19];
}

const TICKS_PER_SECOND = 100;
/** The granularity of the clocks involved, generously. */
const TOLERANCE_MS = 5_000;

function startedAfter(startTime: string | undefined, time: Date | undefined): boolean {
  if (startTime === undefined || time === undefined) return false;
  const [uptime = NaN] = (read('/proc/uptime') ?? '').split(' ').map(Number);
  const ageMs = (uptime - Number(startTime) / TICKS_PER_SECOND) * 1000;
  return Date.now() - ageMs > time.getTime() + TOLERANCE_MS;
}

function exists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH';
  }
}

const bootId = () => read('/proc/sys/kernel/random/boot_id')?.trim();

function pidNamespace(): string | undefined {
  try {
    return readlinkSync('/proc/self/ns/pid');
  } catch {
    return undefined;
  }
}

function read(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}

function withoutUndefined(values: Record<string, string | undefined>): Record<string, string> {
  const entries = Object.entries(values).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return Object.fromEntries(entries);
}
