import { readdirSync } from 'node:fs';
import path from 'node:path';
import { requestsInFiles } from '../../../../operations/policy-impact/requests/files';
import { actionOf, clusterIn } from '../../../../operations/policy-impact/requests/request';
import { node, Project } from './project';

const CHECKOUT = path.join(__dirname, '../../../..');

let project: Project;

beforeEach(() => (project = new Project()));
afterEach(() => project.remove());

const read = (requests: unknown, stack = 'trial') => requestsInFiles(project.requests(requests).folder, stack);

test('a request tells where it is from, for which cluster, and when it came', () => {
  const request = { name: 'the first', action: 'add_node', input: node('n-1', 1), at: '2026-01-01T00:00:00Z' };
  expect(read([request])).toEqual([
    {
      action: 'add_node',
      cluster: 'c-1',
      input: node('n-1', 1),
      line: 'n-1 joins c-1 (1 node)',
      source: 'stacks/requests/some.json: the first',
      at: 1_767_225_600,
      answers: {},
      times: 1,
      recorded: false,
    },
  ]);
});

test('a request comes to the stacks that it names', () => {
  const request = { name: 'one', action: 'remove_cluster', input: { cluster_id: 'c' }, stacks: ['prod'] };
  expect(read([request])).toEqual([]);
  expect(read([request], 'prod')).toHaveLength(1);
});

test('every problem of a file is told, with its place', () => {
  const wrong = [
    { name: 'one', action: 'add_node', input: { node_data: {} } },
    { name: '', action: 'add_nodes', input: {}, tiems: 3 },
  ];
  expect(() => read(wrong)).toThrow(/^the requests in stacks\/requests\/some.json cannot be used\n/);
  expect(() => read(wrong)).toThrow('[0].input needs cluster_data: that is what add_node hands to a policy');
  expect(() => read(wrong)).toThrow(/\[1\]\.action .*add_node/);
  expect(() => read(wrong)).toThrow('[1] has unknown keys: tiems');
  expect(() => read({})).toThrow(/expected array/);
});

test('what a terminal would obey is not handed on', () => {
  expect(read([{ name: 'x', action: 'remove_cluster', input: { cluster_id: 'c\u001b[2J' } }])[0]?.line).toBe(
    'c [2J is removed',
  );
});

test.each([
  ['add_node', node('n', 1)],
  ['remove_node', { node_id: 'n', cluster_data: {} }],
  ['add_cluster', { id: 'c', cluster_data: {} }],
  ['remove_cluster', { cluster_id: 'c' }],
  ['update_cluster', { cluster_data: {} }],
  ['add_block', { block_data: {}, cluster_data: {}, cluster_metrics: {} }],
  ['remove_block', { block_data: {}, cluster_data: {}, block_metrics: {} }],
  ['scale_block', { block_data: {}, input: { operation: 'scale' } }],
  ['block_mgmt', { block_data: {}, input: { action: 'x' } }],
  ['cluster_mgmt', { cluster_data: {}, input: { action: 'x' } }],
  [undefined, { something: 1 }],
])('a case of the form of %s is a request for it', (action, input) => {
  expect(actionOf(input)).toBe(action);
});

test('the cluster is the one that the request is about', () => {
  expect([clusterIn(node('n', 1)), clusterIn({ cluster_id: 'c' }), clusterIn({ id: 'c' }), clusterIn({})]).toEqual([
    'c-1',
    'c',
    'c',
    undefined,
  ]);
});

test('the requests that this project ships can be used by every stack', () => {
  const stacks = readdirSync(path.join(CHECKOUT, 'stacks')).flatMap(
    (file) => /^Pulumi\.(.+)\.yaml$/.exec(file)?.[1] ?? [],
  );
  expect(stacks).not.toEqual([]);
  for (const stack of stacks) expect(requestsInFiles(CHECKOUT, stack).length).toBeGreaterThan(0);
});
