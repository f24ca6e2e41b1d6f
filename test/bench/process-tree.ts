import { readdirSync, readFileSync } from 'node:fs';

/** A process and all that it has started, and those in turn, as /proc shows them. */
export class ProcessTree {
  /** Of every process that runs, whether it is one of the tree: a stranger never becomes one. */
  private membership = new Map<number, boolean>();

  constructor(private readonly root: number) {}

  /** Resident memory in bytes: the highest that each process of now ever had, added up. */
  memory(): number {
    return this.pids().reduce((sum, pid) => sum + highWaterMark(pid), 0);
  }

  /** Ends all processes at once. */
  kill(): void {
    for (const pid of this.pids()) {
      try {
        process.kill(pid, 'SIGKILL');
      } catch {
        // It ended in the meantime.
      }
    }
  }

  private pids(): number[] {
    const known = this.membership;
    this.membership = new Map();
    // The kernel lists them in ascending order, parents before what they started.
    for (const pid of readdirSync('/proc').map(Number).filter(Number.isInteger)) {
      this.membership.set(pid, known.get(pid) ?? this.belongs(pid));
    }
    return [...this.membership].filter(([, belongs]) => belongs).map(([pid]) => pid);
  }

  private belongs(pid: number): boolean {
    return pid === this.root || this.membership.get(statusNumber(pid, 'PPid')) === true;
  }
}

/** The peak of one process's resident set, as the kernel remembers it: nothing between two looks is missed. */
const highWaterMark = (pid: number) => statusNumber(pid, 'VmHWM') * 1024;

/** @returns 0 for a process that has ended */
function statusNumber(pid: number, field: 'PPid' | 'VmHWM'): number {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    return Number(new RegExp(`^${field}:\\s*(\\d+)`, 'm').exec(status)?.[1] ?? 0);
  } catch {
    return 0;
  }
}
