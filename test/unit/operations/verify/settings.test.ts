import { compare, compareCluster, type WantedSettings } from '../../../../operations/verify/governance/settings';
import { table } from '../../../../operations/verify/governance/table';
import { wantedOf } from '../../../../operations/verify/governance/wanted';
import { networkConfig } from '../../../network-config';

const prefix = 'aiosv1.policies.cluster-controller-gateway.';
const maxNodes = (max: number) => ({ policyRuleURI: `${prefix}max-nodes:v0.0.1-stable`, parameters: { max } });
const local = { mode: 'local', executor: 'executor-001' };
const wanted: WantedSettings = {
  ...local,
  map: { add_node: maxNodes(20) },
  listed: ['add_node', 'add_cluster', 'create_cluster'],
  removesUnlisted: false,
};
const good = { pods: [local, local], maps: [{ add_node: maxNodes(20) }] };

/** The settings that differ, with what runs in their place. */
const differing = (rows: ReturnType<typeof compare>) =>
  rows.filter(({ differs }) => differs).map(({ setting, running }) => [setting, running]);

test('what agrees in all three places is not marked', () => {
  const rows = compare(wanted, { ...local, map: wanted.map }, good);
  expect(differing(rows)).toEqual([]);
  expect(table(rows)).not.toContain('≠');
  expect(table(rows)).toContain(
    '  add_node        …max-nodes:v0.0.1-stable {"max":20}  …max-nodes:v0.0.1-stable {"max":20}  …max-nodes:v0.0.1-stable {"max":20}',
  );
});

test('an environment that a rollout would lose the map from is marked, though the running gateway has it', () => {
  const rows = compare(wanted, { ...local, map: {} }, good);
  expect(differing(rows)).toEqual([['add_node', '…max-nodes:v0.0.1-stable {"max":20}']]);
  expect(table(rows)).toMatch(/^≠ add_node /m);
});

test('one pod with another mode, and one process with another map, are seen and counted', () => {
  const pods = [local, { ...local, mode: 'remote' }];
  const maps = [{ add_node: maxNodes(20) }, { add_node: maxNodes(500) }, { add_node: maxNodes(20) }];
  expect(differing(compare(wanted, { ...local, map: wanted.map }, { pods, maps }))).toEqual([
    ['execution mode', 'local (1 of 2 pods); remote (1 of 2 pods)'],
    [
      'add_node',
      '…max-nodes:v0.0.1-stable {"max":20} (2 of 3 answers); …max-nodes:v0.0.1-stable {"max":500} (1 of 3 answers)',
    ],
  ]);
});

test('an action that the stack leaves to others may have any policy, unless the unlisted are to go', () => {
  const map = { ...wanted.map, scale_block: 'foreign:v1' };
  const running = { ...good, maps: [map] };
  expect(differing(compare(wanted, { ...local, map: wanted.map }, running))).toEqual([]);
  expect(differing(compare({ ...wanted, removesUnlisted: true }, { ...local, map: wanted.map }, running))).toEqual([
    ['scale_block', 'foreign:v1'],
  ]);
  const forbidden = { ...good, maps: [{ ...wanted.map, create_cluster: 'foreign:v1' }] };
  expect(differing(compare(wanted, { ...local, map: wanted.map }, forbidden))).toEqual([
    ['create_cluster', 'foreign:v1'],
  ]);
});

test('a gateway with a list in the place of its map, and one that does not run, differ', () => {
  const rows = compare(wanted, { ...local, map: wanted.map }, { pods: [], maps: [[]] });
  expect(differing(rows)).toEqual([
    ['execution mode', '(nothing runs)'],
    ['executor', '(nothing runs)'],
    ['action map', '[]'],
    ['add_node', '(none)'],
  ]);
});

test('the map of a cluster is compared with what the gateway says of it', () => {
  const own = { map: { add_node: maxNodes(2) }, listed: ['add_node', 'remove_node'], removesUnlisted: false };
  expect(differing(compareCluster('c-1', own, { add_node: maxNodes(2), scale_block: 'foreign:v1' }))).toEqual([]);
  expect(differing(compareCluster('c-1', own, { remove_node: maxNodes(9) }))).toEqual([
    ['c-1: add_node', '(none)'],
    ['c-1: remove_node', '…max-nodes:v0.0.1-stable {"max":9}'],
  ]);
  const strict = { ...own, removesUnlisted: true };
  expect(differing(compareCluster('c-1', strict, { ...own.map, scale_block: 'foreign:v1' }))).toEqual([
    ['c-1: scale_block', 'foreign:v1'],
  ]);
  expect(differing(compareCluster('c-1', own, undefined))).toEqual([
    ['c-1: add_node', '(not registered)'],
    ['c-1: remove_node', '(not registered)'],
  ]);
});

test('what is equal looks equal, in whatever order it is stored', () => {
  const bound = (parameters: object) => ({ policyRuleURI: 'u:v1', parameters });
  const own = { map: { add_node: bound({ b: { d: 1, c: [2] }, a: 1 }) }, listed: ['add_node'], removesUnlisted: false };
  const [row] = compareCluster('c-1', own, { add_node: bound({ a: 1, b: { c: [2], d: 1 } }) });
  expect(row).toMatchObject({ differs: false, wanted: row?.running ?? '' });
});

test('what is wanted comes from the configuration, each action in the form and under the keys that the gateway reads', () => {
  const policies = {
    bindings: {
      add_node: { policy: 'max-nodes', parameters: { max: 20 } },
      add_cluster: 'read-only',
      remove_node: null,
    },
    clusters: { 'c-1': { add_node: { policy: 'max-nodes', parameters: { max: 2 } } } },
    unlisted: 'remove',
  };
  const { network, clusters } = wantedOf(networkConfig({ policies }));
  expect(network).toEqual({
    ...local,
    map: {
      add_node: maxNodes(20),
      add_cluster: `${prefix}read-only:v0.0.1-stable`,
      create_cluster: `${prefix}read-only:v0.0.1-stable`,
    },
    listed: ['add_node', 'add_cluster', 'create_cluster', 'remove_node'],
    removesUnlisted: true,
  });
  expect([...clusters]).toEqual([
    ['c-1', { map: { add_node: maxNodes(2) }, listed: ['add_node'], removesUnlisted: true }],
  ]);
});
