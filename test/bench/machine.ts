import { availableParallelism, loadavg, totalmem } from 'node:os';

/** What the numbers were measured on, and what else it had to do. */
export interface Machine {
  cores: number;
  memoryGigabytes: number;
  node: string;
  /** Over 1, 5 and 15 minutes, before the start. */
  loadAverage: readonly number[];
}

export function describeMachine(): Machine {
  return {
    cores: availableParallelism(),
    memoryGigabytes: Math.round(totalmem() / 1e9),
    node: process.version,
    loadAverage: loadavg().map((load) => Math.round(load * 100) / 100),
  };
}
