import { KUBECTL } from './kubectl';
import { PULUMI } from './pulumi-cli';

/** What is meant to be achieved in a contest. */
export interface Goals {
  /** Of the engine, the subject of every contest. */
  seconds?: number;
  megabytes?: number;
  /** Highest ratio of its time to another contender's. */
  ratio?: Readonly<Record<string, number>>;
  /** Of any contender: the highest ratio of its CPU time to another one's. */
  cpu?: Readonly<Record<string, CpuGoal>>;
}

export interface CpuGoal {
  /** The other one. */
  of: string;
  atMost: number;
}

const MEGABYTES = 350;

/**
 * Two thirds of what it was at a9977ec, 22.7: there it took the CLI, its providers and the program 11.8 s where kubectl took 0.52 s.
 */
const PREVIEW_BY_CLI = 15;

/** By part and contest. */
export const GOALS: Readonly<Record<string, Readonly<Record<string, Goals>>>> = {
  stack: {
    'first up': { megabytes: MEGABYTES },
    'no-change preview': {
      megabytes: MEGABYTES,
      ratio: { [KUBECTL.diff]: 1.5 },
      cpu: { [PULUMI]: { of: KUBECTL.serverDiff, atMost: PREVIEW_BY_CLI } },
    },
    'no-change up': { megabytes: MEGABYTES, seconds: 3 },
  },
  services: {
    'first up': { ratio: { '50 services': 10 } },
    'no-change up': { ratio: { '50 services': 10 } },
    destroy: { ratio: { '50 services': 10 } },
  },
  // A tenth of them for at least a tenth of the time: the cost of one does not grow with their number.
  governance: {
    'first up': { ratio: { '50 policies, 100 clusters': 10 } },
    'no-change preview': { seconds: 5, ratio: { '50 policies, 100 clusters': 10 } },
    'no-change up': { ratio: { '50 policies, 100 clusters': 10 } },
    destroy: { ratio: { '50 policies, 100 clusters': 10 } },
  },
  // What takes the time of a report is the start: ten times the resources may cost half as much again.
  review: {
    report: { seconds: 1, ratio: { '20 resources, 5 changed': 1.5 } },
    decisions: { seconds: 5, ratio: { '150 resources, 10 changed': 10 } },
  },
};
