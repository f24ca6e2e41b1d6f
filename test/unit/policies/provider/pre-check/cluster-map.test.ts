import type { InProcessNetwork } from '../../../../../embedded/network';
import { send } from '../../../embedded/network/client';
import { withNetwork } from '../../../embedded/network/temporary-network';
import { Engine, boundIn, timeScale } from '../managed';

const uri = (name: string, version = 'v0.0.1') => `aiosv1.policies.gateway.${name}:${version}-stable`;
const nodes = { policyRuleURI: uri('nodes'), parameters: { max: 20 } };
const addNode = { policy: uri('nodes'), parameters: { max: 20 } };

const cluster = (id: string, actionsPolicyMap?: unknown) => ({
  id,
  config: { publicHostname: 'host', ...(actionsPolicyMap !== undefined && { actionsPolicyMap }) },
});
const mapsOf = (network: InProcessNetwork) =>
  network.clusters().map(({ config }) => (config as Record<string, unknown>).actionsPolicyMap);
const curl = (network: InProcessNetwork, id: string, map: unknown) =>
  send(network.gateway, 'POST', `/pre-check-policies/update?cluster_id=${id}`, map);

describe.each(['observed', 'documented'] as const)(
  'the map of a cluster, in a network that behaves as %s',
  (behaviour) => {
    const within = (test: (network: InProcessNetwork, engine: Engine) => Promise<void>) =>
      withNetwork({ behaviour, timeScale }, (network) => test(network, new Engine(network)));

    test('gets, keeps and loses keys, and the rest of its entry stays', () =>
      within(async (network, engine) => {
        network.seed({ clusters: [cluster('cluster-1', { scale_block: uri('scale') }), cluster('cluster-2')] });
        const policies = engine.resource('ClusterPreCheckPolicies');
        const clusterId = 'cluster-1';
        await policies.up({ clusterId, bindings: { add_node: addNode, remove_cluster: { policy: uri('x') } } });
        expect(mapsOf(network)).toEqual([
          { scale_block: uri('scale'), add_node: nodes, remove_cluster: uri('x') },
          undefined,
        ]);
        await policies.up({ clusterId, bindings: { add_node: addNode, remove_cluster: null } });
        expect(mapsOf(network)[0]).toEqual({ scale_block: uri('scale'), add_node: nodes });

        await policies.up({ clusterId, unlisted: 'remove', bindings: { add_node: addNode } });
        expect(mapsOf(network)[0]).toEqual({ add_node: nodes });
        expect(network.clusters()[0]).toMatchObject({ id: clusterId, config: { publicHostname: 'host' } });

        await policies.destroy();
        expect(mapsOf(network)[0]).toEqual({ scale_block: uri('scale') });
      }));

    test('shows to a refresh what a hand changed, and is repaired', () =>
      within(async (network, engine) => {
        network.seed({ clusters: [cluster('cluster-1')] });
        const policies = engine.resource('ClusterPreCheckPolicies');
        const wanted = { clusterId: 'cluster-1', bindings: { add_node: addNode } };
        await policies.up(wanted);
        await policies.refresh();
        expect(await policies.up(wanted)).toBe('same');

        await curl(network, 'cluster-1', { add_node: { policyRuleURI: uri('nodes'), parameters: { max: 99 } } });
        await policies.refresh();
        expect(policies.changesTo(wanted)).toEqual(['bindings.add_node.parameters.max']);
        await policies.up(wanted);
        expect(mapsOf(network)).toEqual([{ add_node: nodes }]);
      }));
  },
);

describe('a cluster of a deployed network', () => {
  const within = (test: (network: InProcessNetwork, engine: Engine) => Promise<void>) =>
    withNetwork({ timeScale }, (network) => test(network, new Engine(network)));

  test('is named where it is not registered, and was deleted where it was', () =>
    within(async (network, engine) => {
      network.seed({ clusters: [cluster('cluster-1')] });
      const unknown = engine.resource('ClusterPreCheckPolicies');
      const desired = (clusterId: string) => ({ clusterId, bindings: { add_node: addNode } });
      await expect(unknown.up(desired('cluster-9'))).rejects.toThrow(
        'clusterId: "cluster-9" is not in the clusters registry',
      );

      const policies = engine.resource('ClusterPreCheckPolicies');
      await policies.up(desired('cluster-1'));
      await send(network.clustersRegistry, 'DELETE', '/clusters/cluster-1');
      const { state } = policies;
      expect(await policies.refresh()).toBe('gone');
      policies.state = state;
      await policies.destroy();
    }));

  test('is not taken for deleted while the registry is without its database', () =>
    within(async (network, engine) => {
      network.seed({ clusters: [cluster('cluster-1')] });
      const policies = engine.resource('ClusterPreCheckPolicies');
      await policies.up({ clusterId: 'cluster-1', bindings: { add_node: addNode } });
      engine.hurry();
      network.inject('clustersRegistry', { kind: 'outage' });
      await expect(policies.refresh()).rejects.toThrow('no answer within 1 s');
    }));

  test('has the map of whoever writes last, if that keeps on, as an error with both maps', () =>
    within(async (network, engine) => {
      network.seed({ clusters: [cluster('cluster-1')] });
      network.inject(
        'gateway',
        { kind: 'answer', status: 200, body: { success: true, map: {} } },
        { matching: ({ method }) => method === 'POST' },
      );
      const up = engine
        .resource('ClusterPreCheckPolicies')
        .up({ clusterId: 'cluster-1', bindings: { remove_cluster: { policy: uri('x') } } });
      await expect(up).rejects.toThrow(`wanted: {"remove_cluster":"${uri('x')}"}\nseen:   {}`);
    }));

  test('keeps every one of many updates at once, those of other hands too', () =>
    within(async (network, engine) => {
      network.seed({ clusters: [cluster('cluster-1')] });
      const actions = ['add_node', 'remove_node', 'remove_cluster', 'update_cluster', 'add_block', 'scale_block'];
      const mine = actions.map((action) =>
        engine
          .resource('ClusterPreCheckPolicies')
          .up({ clusterId: 'cluster-1', bindings: { [action]: { policy: uri(action) } } }),
      );
      const others = [1, 2, 3].map((i) => curl(network, 'cluster-1', { [`foreign_${i}`]: i }));
      await Promise.all([...mine, ...others]);
      expect(Object.keys(mapsOf(network)[0] as object)).toEqual(expect.arrayContaining(actions));
    }));

  test('is written once for each of many updates at once, as writers take turns', () =>
    within(async (network, engine) => {
      network.seed({ clusters: [cluster('cluster-1')] });
      const actions = ['add_node', 'remove_node', 'remove_cluster', 'update_cluster', 'add_block', 'scale_block'];
      await Promise.all(
        actions.map((action) =>
          engine
            .resource('ClusterPreCheckPolicies')
            .up({ clusterId: 'cluster-1', bindings: { [action]: { policy: uri(action) } } }),
        ),
      );
      expect(network.requests('gateway').filter(({ method }) => method === 'POST')).toHaveLength(actions.length);
    }));

  test('gets a proper map where it has a list', () =>
    within(async (network, engine) => {
      network.seed({ clusters: [cluster('cluster-1', ['what', 'is this'])] });
      await engine.resource('ClusterPreCheckPolicies').up({ clusterId: 'cluster-1', bindings: { add_node: addNode } });
      expect(mapsOf(network)).toEqual([{ add_node: nodes }]);
    }));

  test('is written to through the registry itself where the gateway has no route for that', () =>
    within(async (network, engine) => {
      network.seed({ clusters: [cluster('cluster-1', { add_node: nodes })] });
      network.inject(
        'gateway',
        { kind: 'answer', status: 404, body: null },
        { matching: ({ method }) => method === 'PUT' },
      );
      const policies = engine.resource('ClusterPreCheckPolicies');
      await policies.up({ clusterId: 'cluster-1', bindings: { add_node: null } });
      expect(mapsOf(network)).toEqual([{}]);
    }));

  test('is imported by its id', () =>
    within(async (network, engine) => {
      network.seed({ clusters: [cluster('cluster-1', { add_node: nodes })] });
      const policies = engine.resource('ClusterPreCheckPolicies');
      await policies.import('cluster-1');
      expect(boundIn(policies)).toEqual({ add_node: addNode });
      expect(policies.changesTo({ clusterId: 'cluster-1', bindings: { add_node: addNode } })).toEqual([]);
      await expect(policies.import('a/b')).rejects.toThrow('id: "a/b"');
    }));

  test('costs the same few calls for each of many clusters', () =>
    within(async (network, engine) => {
      const ids = Array.from({ length: 60 }, (_, i) => `cluster-${i}`);
      network.seed({ clusters: ids.map((id) => cluster(id)) });
      await Promise.all(
        ids.map((clusterId) =>
          engine.resource('ClusterPreCheckPolicies').up({ clusterId, bindings: { add_node: addNode } }),
        ),
      );
      expect(mapsOf(network)).toEqual(ids.map(() => ({ add_node: nodes })));
      expect(network.requests('gateway')).toHaveLength(4 * ids.length);
    }));
});
