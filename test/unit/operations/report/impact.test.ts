import { deployment, markdownOf, type RawStep, reportOf } from './plans';
import { verdictOf } from '../../../../operations/report/headline';

const told = (steps: readonly RawStep[]) => {
  const report = reportOf(steps);
  const costs = report.subjects.flatMap((subject) => subject.resources.map(({ impact }) => impact));
  return { verdict: verdictOf(report), level: report.subjects[0]?.level, restarts: report.restarts, costs };
};

const image = (tag: string, more: object = {}) => ({
  replicas: 2,
  ...more,
  template: { spec: { containers: [{ name: 'parser', image: `parser:${tag}` }] } },
});

describe('a service', () => {
  test('that is replaced pod by pod restarts', () => {
    expect(told([deployment(image('1'), image('2'))])).toMatchObject({ verdict: 'careful', level: 'restart' });
  });

  test('whose pods all stop before new ones start (Recreate) is away meanwhile', () => {
    const recreate = { strategy: { type: 'Recreate' } };
    const steps = [deployment(image('1', recreate), image('2', recreate))];
    expect(told(steps)).toMatchObject({ verdict: 'dangerous', level: 'outage', restarts: ['parser'] });
    expect(markdownOf(steps)).toContain('is away while it restarts: its pods stop before new ones start');
  });

  test('with strategy Recreate and another number of pods stays', () => {
    const recreate = { strategy: { type: 'Recreate' } };
    const steps = [deployment(image('1', recreate), image('1', { ...recreate, replicas: 3 }))];
    expect(told(steps)).toMatchObject({ verdict: 'harmless', level: 'in place', restarts: [] });
  });

  test('without pods is away, whatever else changes', () => {
    const steps = [deployment(image('1'), image('2', { replicas: 0 }))];
    expect(told(steps)).toMatchObject({ verdict: 'dangerous', level: 'outage', restarts: [] });
    expect(markdownOf(steps)).toContain('all its pods stop');
  });

  test('that had no pods restarts none', () => {
    const steps = [deployment(image('1', { replicas: 0 }), image('2'))];
    expect(told(steps)).toMatchObject({ level: 'in place', restarts: [] });
  });
});

describe('a member that leaves', () => {
  const parent: [string, string] = ['aios:database:MongoReplicaSet', 'metrics-db'];
  const set: RawStep = {
    ...{ op: 'update', type: 'kubernetes:apps/v1:StatefulSet', name: 'metrics-db', parent },
    ...{ before: { spec: { replicas: 5 } }, after: { spec: { replicas: 3 } } },
  };
  const claim = (storageClassName: string): RawStep => ({
    ...{ op: 'delete', type: 'kubernetes:core/v1:PersistentVolumeClaim', name: 'data-metrics-db-4', parent },
    before: { spec: { storageClassName } },
  });

  test('with a volume of a StorageClass takes its copy of the data along', () => {
    expect(told([set, claim('fast')])).toMatchObject({ verdict: 'dangerous', level: 'data' });
  });

  test('with a directory of a node (localPath) leaves its files behind: not harmless, not lost', () => {
    const steps = [set, claim('')];
    expect(told(steps)).toMatchObject({ verdict: 'careful', level: 'left behind' });
    expect(markdownOf(steps)).toContain("the member's files stay in the directory on its node");
  });
});

test('what stays in the cluster without the stack is to be looked at', () => {
  const volume: RawStep = { op: 'delete', type: 'kubernetes:core/v1:ConfigMap', name: 'x', before: {}, retain: true };
  expect(told([volume])).toMatchObject({ verdict: 'careful', level: 'left behind' });
});

describe('policies that change', () => {
  const map = (changes: object): RawStep => ({
    ...{ op: 'update', type: 'aios:governance:PreCheckPolicies', name: 'network' },
    ...{ before: { replicas: 1, bindings: {} }, after: { replicas: 1, bindings: {}, ...changes } },
  });
  const NOT_COMPARED = 'Decisions were not compared';

  test('say where nobody compared the decisions', () => {
    expect(markdownOf([map({ bindings: { add_node: { policy: 'a:1-stable' } } })])).toContain(NOT_COMPARED);
  });

  test('say nothing of it where only another replica of the gateway is told', () => {
    expect(markdownOf([map({ replicas: 2 })])).not.toContain(NOT_COMPARED);
  });
});
