/** What the engine is meant to achieve in a contest. */
export interface Goals {
  seconds?: number;
  megabytes?: number;
  /** Highest ratio of its time to another contender's. */
  ratio?: Readonly<Record<string, number>>;
}

const MEGABYTES = 350;

/** By part and contest. */
export const GOALS: Readonly<Record<string, Readonly<Record<string, Goals>>>> = {
  stack: {
    'first up': { megabytes: MEGABYTES },
    'no-change preview': { megabytes: MEGABYTES, ratio: { 'kubectl diff': 1.5 } },
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
};
