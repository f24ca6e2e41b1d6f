import { resultsOf } from '../../bench/results';
import type { Sample } from '../../bench/measure';

const sample = (cpu: number): Sample => ({ seconds: 1, cpu, memory: 1e6 });

const contest = {
  name: 'no-change preview',
  entries: [
    { contender: 'engine', samples: [sample(4), sample(4), sample(4)] },
    { contender: 'kubectl', samples: [sample(1), sample(2), sample(1)] },
    { contender: 'cli', samples: [sample(10), sample(30), sample(11)] },
  ],
};

const verdictsOf = (contender: string, atMost: number) =>
  resultsOf(contest, { cpu: { [contender]: { of: 'kubectl', atMost } } }).find(
    (result) => result.contender === contender,
  )?.goals;

test("a goal for CPU time compares turn by turn with the other contender's, and may be reached exactly", () => {
  expect(verdictsOf('cli', 11)).toEqual([{ measure: 'cpu', of: 'kubectl', limit: 11, value: 11, met: true }]);
  expect(verdictsOf('cli', 10)).toEqual([{ measure: 'cpu', of: 'kubectl', limit: 10, value: 11, met: false }]);
  expect(verdictsOf('engine', 4)).toEqual([{ measure: 'cpu', of: 'kubectl', limit: 4, value: 4, met: true }]);
});

test('what is compared with a contender that did not take part has no verdict', () => {
  expect(resultsOf(contest, { cpu: { cli: { of: 'kubectl diff', atMost: 1 } } })[2]?.goals).toEqual([]);
});

test('CPU time is summed up as the other measures are', () => {
  expect(resultsOf(contest, {})[2]).toMatchObject({ cpu: { median: 11, min: 10, max: 30 } });
});
