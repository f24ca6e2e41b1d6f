import { appendFileSync } from 'node:fs';
import type { PolicyImpact } from '../../../../operations/policy-impact';
import { lines, node, Project } from './project';

let base: Project;
let here: Project;

beforeEach(() => {
  base = new Project();
  here = new Project();
});
afterEach(() => {
  base.remove();
  here.remove();
});

const joins = (count: number, more: Record<string, unknown> = {}) => ({
  name: `of ${count}`,
  action: 'add_node',
  input: node('n-1', count),
  ...more,
});
const bound = (max: number) => ({ bindings: { add_node: { policy: 'max-nodes', parameters: { max } } } });
const fromFiles = (impact: PolicyImpact): PolicyImpact => ({
  ...impact,
  decisions: impact.decisions.filter(({ source }) => source.startsWith('stacks/requests')),
});

test('what has not changed is not asked, whatever else is in the file', async () => {
  base.policies(bound(2), 'max-nodes');
  here.policies({ ...bound(2), unlisted: 'remove' }, 'max-nodes').requests([joins(2)]);
  expect(await here.against(base)).toEqual({
    stack: 'trial',
    base: base.folder,
    changed: [],
    requests: 0,
    decisions: [],
    notes: [],
  });
});

test('a raised bound lets in what was denied, and says so with the reason', async () => {
  base.policies(bound(2), 'max-nodes');
  here.policies(bound(3), 'max-nodes').requests([joins(1), joins(2, { times: 7 }), joins(3)]);
  const impact = await here.against(base);
  expect(impact.changed).toEqual([
    {
      action: 'add_node',
      what: ['parameters'],
      before: 'max-nodes v0.0.1 {"max":2}',
      after: 'max-nodes v0.0.1 {"max":3}',
      asked: true,
    },
  ]);
  expect(lines(fromFiles(impact))).toEqual([
    "n-1 joins c-1 (2 nodes) | denied: cluster 'c-1' has 2 nodes, 2 are allowed | allowed",
    "n-1 joins c-1 (3 nodes) | denied: cluster 'c-1' has 3 nodes, 2 are allowed | denied: cluster 'c-1' has 3 nodes, 3 are allowed",
  ]);
  expect(impact.decisions[0]).toMatchObject({ source: 'stacks/requests/some.json: of 2', times: 7 });
  expect(impact.notes).toEqual([]);
});

test("a rule's own cases find a bound wherever it is moved from and to", async () => {
  base.policies(bound(100), 'max-nodes');
  here.policies(bound(50), 'max-nodes');
  const { decisions } = await here.against(base);
  expect(decisions.map(({ request }) => request)).toEqual(
    expect.arrayContaining([expect.stringContaining('(us-west-2, 99 nodes)'), expect.stringContaining('50 nodes')]),
  );
});

test('the policy of a cluster is asked after that of the network, and of its own cluster alone', async () => {
  const network = { add_node: { policy: 'max-nodes', parameters: { max: 10 } } };
  const own = (max: number) => ({ 'c-1': { add_node: { policy: 'max-nodes', parameters: { max } } } });
  base.policies({ bindings: network, clusters: own(2) }, 'max-nodes');
  here
    .policies({ bindings: network, clusters: own(20) }, 'max-nodes')
    .requests([joins(5), joins(15), { ...joins(5), input: node('n-1', 5, 'c-2') }]);
  const impact = await here.against(base);
  expect(impact.changed).toMatchObject([{ cluster: 'c-1', asked: true }]);
  // Beyond the network's bound a cluster's own is not asked.
  expect(lines(fromFiles(impact))).toEqual([
    "n-1 joins c-1 (5 nodes) | denied: cluster 'c-1' has 5 nodes, 2 are allowed | allowed",
  ]);
  expect(impact.decisions.every(({ cluster }) => cluster === 'c-1')).toBe(true);
});

test('the policy of a cluster gets what the policy of the network let go on', async () => {
  const renames = `return {"allowed": True, "input_data": {**input_data["node_data"], "id": "renamed"}}`;
  const refuses = `return {"allowed": False, "input_data": "not " + input_data["node_data"]["id"]}`;
  base
    .rule('renames', renames)
    .rule('refuses', refuses)
    .policies({ bindings: { add_node: 'renames' } });
  here
    .rule('renames', renames)
    .rule('refuses', refuses)
    .policies({ bindings: { add_node: 'renames' }, clusters: { 'c-1': { add_node: 'refuses' } } })
    .requests([joins(1)]);
  expect(lines(await here.against(base))).toContain('n-1 joins c-1 (1 node) | allowed | denied: not renamed');
});

test('clusters are asked about by the key that the gateway looks up, with the parameters of the rule', async () => {
  const listed = (regions: string[]) => ({
    bindings: { add_cluster: 'allowed-clusters' },
    rules: [{ rule: 'allowed-clusters', parameters: { regions } }],
  });
  base.policies(listed(['eu-*']), 'allowed-clusters');
  here
    .policies(listed(['us-*']), 'allowed-clusters')
    .requests([{ name: 'one', action: 'add_cluster', input: { id: 'c-9', regionId: 'eu-west' } }]);
  expect(lines(await here.against(base))).toContainEqual(
    expect.stringMatching(/^c-9 \(eu-west\) is created \| allowed \| denied: region 'eu-west' .*/),
  );
});

test('an action that the gateway asks no policy of is replayed and marked', async () => {
  base.policies({});
  const block = { name: 'one', action: 'add_block', input: { block_data: { id: 'b' }, cluster_data: { id: 'c-1' } } };
  here.policies({ bindings: { add_block: 'read-only' } }, 'read-only').requests([block]);
  const impact = await here.against(base);
  expect(impact.changed).toMatchObject([{ action: 'add_block', before: 'nothing is asked', asked: false }]);
  expect(impact.decisions[0]).toMatchObject({ asked: false, after: { outcome: 'denied' } });
});

test('where policies run decides which parameters reach them', async () => {
  const rules = [{ rule: 'max-nodes', name: 'small', parameters: { max: 2 } }];
  const given = { bindings: { add_node: { policy: 'small', parameters: { max: 9, clusters: { 'c-1': 4 } } } }, rules };
  const executors = { 'executor-001': { clusterPublicIp: '10.0.0.1' } };
  const remote = { executors, execution: { mode: 'remote', executor: 'executor-001' } };
  const without = { bindings: { add_node: { policy: 'small', parameters: { max: 9 } } } };
  const onboarded = [{ ...rules[0], parameters: { max: 2, clusters: { 'c-1': 1 } } }];
  base.policies({ ...without, rules: onboarded }, 'max-nodes');
  here.policies({ ...without, rules: onboarded, ...remote }, 'max-nodes').requests([joins(3)]);
  // On an executor the binding's parameters stand alone.
  expect(lines(await here.against(base))).toContain(
    "n-1 joins c-1 (3 nodes) | denied: cluster 'c-1' has 3 nodes, 1 are allowed | allowed",
  );
  base.policies(given, 'max-nodes');
  here.policies({ ...given, ...remote }, 'max-nodes');
  expect((await here.against(base)).changed).toEqual([]);
});

test('changed code is found by what it decides, each side with its own of what rules share', async () => {
  base.policies(bound(2), 'max-nodes');
  here.policies(bound(2), 'max-nodes').requests([joins(1)]);
  const shared = `def get(*_, **__):\n    raise Malformed("changed")\n`;
  appendFileSync(here.path('policies/rules/pre_check.py'), `\n\n${shared}`);
  const impact = await here.against(base);
  expect(impact.changed).toMatchObject([{ what: ['code'] }]);
  expect(lines(fromFiles(impact))).toEqual(['n-1 joins c-1 (1 node) | allowed | denied: changed']);
});

test('a policy of elsewhere cannot be seen; one that both sides ask does not hide what comes after it', async () => {
  const theirs = (version: string) => `theirs.policy:${version}-stable`;
  base.policies({ bindings: { add_node: theirs('v1') } });
  here.policies({ bindings: { add_node: theirs('v2') } }).requests([joins(1)]);
  const impact = await here.against(base);
  expect(impact.decisions).toEqual([]);
  expect(impact.notes).toMatchObject([{ severity: 'warning', policy: 'theirs.policy:v2-stable' }]);

  const own = { clusters: { 'c-1': { add_node: 'read-only' } } };
  here.policies({ bindings: { add_node: theirs('v1') }, ...own }, 'read-only');
  expect(lines(await here.against(base))).toContain(
    'n-1 joins c-1 (1 node) | allowed | denied: the network is read-only',
  );
});

test('an action that leaves the stack, and is kept by whoever had it before, is told', async () => {
  base.policies(bound(2), 'max-nodes');
  here.policies({});
  expect((await here.against(base)).notes).toContainEqual(
    expect.objectContaining({ text: expect.stringMatching(/^add_node left the stack/) as string }),
  );
  base.policies({ ...bound(2), onDelete: 'clear' });
  expect((await here.against(base)).notes).toEqual([]);
});

test('a base of another format is said in words, and a new stack is compared with nothing', async () => {
  base.policies({ bindings: { add_node: 'no-such-rule' }, actions: {} });
  here.policies(bound(2), 'max-nodes');
  const impact = await here.against(base);
  expect(impact.notes).toEqual([
    { severity: 'warning', policy: 'base', text: expect.stringMatching(/unknown key|not a key/s) as string },
  ]);
  const empty = new Project();
  expect((await here.against(empty)).changed).toMatchObject([{ before: 'nothing is asked' }]);
  empty.remove();
  await expect(base.against(here)).rejects.toThrow('the configuration of stack trial cannot be used');
  await expect(here.against(base, { stack: 'absent' })).rejects.toThrow('stacks/Pulumi.absent.yaml is missing');
});

test('a record that lacks what a policy needs is not held against it', async () => {
  base.policies({});
  const input = { node_data: { id: 'n' }, cluster_data: { id: 'c-1' } };
  here.policies(bound(2), 'max-nodes').requests([{ name: 'seen', action: 'add_node', input, recorded: true }]);
  const impact = await here.against(base);
  expect(fromFiles(impact).decisions).toEqual([]);
  expect(impact.notes).toContainEqual({
    severity: 'info',
    policy: 'max-nodes',
    text: expect.stringContaining('cluster_data.nodes') as string,
  });
});

describe('a policy', () => {
  const all = Array.from({ length: 20 }, (_, index) => joins(index, { name: `${index}` }));
  const rule = (body: string, before = '') => {
    base.policies({});
    here
      .rule('made-up', body, { before })
      .policies({ bindings: { add_node: 'made-up' } })
      .requests(all);
    return here.against(base, { timeLimit: 1_500 });
  };
  const notes = async (body: string, before?: string) => (await rule(body, before)).notes;

  test('that raises says so, and lets nothing through', async () => {
    const impact = await rule('raise KeyError(input_data["cluster_data"]["nodes"]["count"])');
    expect(impact.notes).toEqual([
      {
        severity: 'warning',
        policy: 'made-up',
        text: expect.stringMatching(/^raises on 21 of 21 requests: /) as string,
      },
    ]);
    expect(lines(impact)).toContain('n-1 joins c-1 (4 nodes) | no policy | failed: 4');
  });

  test('that is slow is not waited for again and again', async () => {
    const started = Date.now();
    expect(await notes('import time\ntime.sleep(60)')).toContainEqual({
      severity: 'warning',
      policy: 'made-up',
      text: expect.stringMatching(/^is slow: no answer within 1.5 s on 3 of 21/) as string,
    });
    expect(Date.now() - started).toBeLessThan(30_000);
  });

  test.each([
    ['by chance', 'import random\nreturn {"allowed": random.random() < 0.5, "input_data": 1}'],
    ['by the order of a set', 'return {"allowed": False, "input_data": "".join({"a", "b", "c", "d", "e"})}'],
  ])('that decides %s says so', async (_, body) => {
    expect(await notes(body)).toContainEqual(
      expect.objectContaining({ severity: 'warning', text: expect.stringContaining('not decide the same') as string }),
    );
  });

  test('that decides by the time is asked at one time on both sides', async () => {
    const body = 'return {"allowed": datetime.now().hour < 12, "input_data": input_data["node_data"]}';
    expect(await notes(body, 'from datetime import datetime')).toEqual([
      { severity: 'info', policy: 'made-up', text: expect.stringContaining('by the time') as string },
    ]);
    here.requests([joins(1, { at: '2026-01-01T11:00:00Z' }), joins(1, { at: '2026-01-01T13:00:00Z' })]);
    const impact = await here.against(base);
    expect(lines(fromFiles(impact))).toEqual([
      'n-1 joins c-1 (1 node) | no policy | denied: {"id":"n-1","cluster_id":"c-1"}',
    ]);
  });

  test('that asks other services finds none, and soon', async () => {
    const body = 'urllib.request.urlopen("http://127.0.0.1:1/", timeout=60)';
    expect(await notes(body, 'import urllib.request')).toMatchObject([
      { text: expect.stringContaining('no other service is asked here') as string },
    ]);
  });
});
