import type { InProcessNetwork } from '../../../../../embedded/network';
import { send } from '../../../embedded/network/client';
import { withNetwork } from '../../../embedded/network/temporary-network';
import { Engine, boundIn, timeScale } from '../managed';

const uri = (name: string, version = 'v0.0.1') => `aiosv1.policies.gateway.${name}:${version}-stable`;
const curl = (network: InProcessNetwork, map: unknown) =>
  send(network.gateway, 'POST', '/pre-check-policies/update', map);

describe.each(['observed', 'documented'] as const)('the map of a network that behaves as %s', (behaviour) => {
  const within = (test: (network: InProcessNetwork, engine: Engine) => Promise<void>) =>
    withNetwork({ behaviour, timeScale }, (network) => test(network, new Engine(network)));

  test('gets every policy in the form that its action needs, and keeps what is not named', () =>
    within(async (network, engine) => {
      await curl(network, { block_mgmt: uri('blocks') });
      const policies = engine.resource('PreCheckPolicies');
      await policies.up({
        replicas: 1,
        bindings: {
          add_node: { policy: uri('nodes'), parameters: { max: 20 } },
          add_cluster: { policy: uri('clusters') },
          remove_cluster: null,
        },
      });
      const map = {
        block_mgmt: uri('blocks'),
        add_node: { policyRuleURI: uri('nodes'), parameters: { max: 20 } },
        add_cluster: uri('clusters'),
        create_cluster: uri('clusters'),
      };
      expect(network.gatewayMaps()).toEqual([map]);
      expect(policies.output('effective')).toEqual(map);
    }));

  test('loses what is set to null or no longer named, and nothing else', () =>
    within(async (network, engine) => {
      await curl(network, { block_mgmt: uri('blocks') });
      const policies = engine.resource('PreCheckPolicies');
      const bindings = {
        add_node: { policy: uri('nodes') },
        add_cluster: { policy: uri('clusters') },
        remove_cluster: { policy: uri('clusters') },
      };
      await policies.up({ replicas: 1, bindings });
      await policies.up({ replicas: 1, bindings: { add_cluster: null, remove_cluster: bindings.remove_cluster } });
      expect(network.gatewayMaps()).toEqual([{ block_mgmt: uri('blocks'), remove_cluster: uri('clusters') }]);
    }));

  test('loses what is not named where unlisted is remove, also what another hand adds later', () =>
    within(async (network, engine) => {
      await curl(network, { block_mgmt: uri('blocks'), unheard_of: 7 });
      const policies = engine.resource('PreCheckPolicies');
      const wanted = { replicas: 1, unlisted: 'remove', bindings: { remove_cluster: { policy: uri('clusters') } } };
      await policies.up(wanted);
      expect(network.gatewayMaps()).toEqual([{ remove_cluster: uri('clusters') }]);

      await curl(network, { remove_cluster: uri('clusters'), scale_block: uri('scale') });
      await policies.refresh();
      expect(policies.changesTo(wanted)).toEqual(['bindings.scale_block']);
      await policies.up(wanted);
      expect(network.gatewayMaps()).toEqual([{ remove_cluster: uri('clusters') }]);
    }));

  test('shows to a refresh what a hand changed, and is repaired', () =>
    within(async (network, engine) => {
      const policies = engine.resource('PreCheckPolicies');
      const wanted = {
        replicas: 1,
        bindings: { add_node: { policy: uri('nodes') }, add_cluster: { policy: uri('clusters') }, remove_node: null },
      };
      await policies.up(wanted);
      await policies.refresh();
      expect(await policies.up(wanted)).toBe('same');

      // The documented form of add_node, which breaks the deployed gateway; one of the two keys of add_cluster; a new one.
      await curl(network, {
        add_node: uri('nodes'),
        add_cluster: uri('clusters'),
        create_cluster: uri('other'),
        remove_node: { policyRuleURI: uri('removal') },
      });
      await policies.refresh();
      expect(boundIn(policies)).toEqual({
        add_node: uri('nodes'),
        add_cluster: { add_cluster: uri('clusters'), create_cluster: uri('other') },
        remove_node: { policyRuleURI: uri('removal') },
      });
      expect(policies.changesTo(wanted)).toEqual(expect.arrayContaining(['bindings.add_node', 'bindings.remove_node']));
      expect(await policies.up(wanted)).toBe('updated');
      expect(network.gatewayMaps()).toEqual([
        {
          add_node: { policyRuleURI: uri('nodes'), parameters: null },
          add_cluster: uri('clusters'),
          create_cluster: uri('clusters'),
        },
      ]);
    }));

  test('is what was there before after a delete, or empty of it if so configured', () =>
    within(async (network, engine) => {
      await curl(network, { block_mgmt: uri('blocks'), add_node: { policyRuleURI: uri('before') } });
      const bindings = { add_node: { policy: uri('nodes') }, remove_cluster: { policy: uri('clusters') } };
      const restoring = engine.resource('PreCheckPolicies');
      await restoring.up({ replicas: 1, bindings });
      await restoring.destroy();
      const before = { block_mgmt: uri('blocks'), add_node: { policyRuleURI: uri('before') } };
      expect(network.gatewayMaps()).toEqual([before]);

      const clearing = engine.resource('PreCheckPolicies');
      await clearing.up({ replicas: 1, bindings, onDelete: 'clear' });
      await clearing.destroy();
      expect(network.gatewayMaps()).toEqual([{ block_mgmt: uri('blocks') }]);

      const exact = engine.resource('PreCheckPolicies');
      await exact.up({ replicas: 1, bindings, unlisted: 'remove' });
      await exact.destroy();
      expect(network.gatewayMaps()).toEqual([{ block_mgmt: uri('blocks') }]);
    }));

  test('survives somebody else who writes it in the middle of an update', () =>
    within(async (network, engine) => {
      const policies = engine.resource('PreCheckPolicies');
      await policies.up({ replicas: 1, bindings: { remove_cluster: { policy: uri('clusters') } } });
      const others = Array.from({ length: 3 }, (_, i) => curl(network, { scale_block: uri(`scale-${i}`) }));
      const wanted = { replicas: 1, bindings: { remove_cluster: { policy: uri('clusters', 'v0.0.2') } } };
      await Promise.all([policies.up(wanted), ...others]);
      expect(network.gatewayMaps()).toEqual([expect.objectContaining({ remove_cluster: uri('clusters', 'v0.0.2') })]);
    }));
});

describe.each([
  ['stores only what is posted', 'observed'],
  ['merges what is posted', { mapReplaced: false, emptyStaysInNetworkMap: false }],
] as const)('three processes, each of which %s', (_, behaviour) => {
  test('agree, also after a key has gone, and after one of them was restarted', () =>
    withNetwork({ behaviour, timeScale, gatewayReplicas: 3 }, async (network) => {
      const policies = new Engine(network).resource('PreCheckPolicies');
      const both = {
        bindings: { add_cluster: { policy: uri('clusters') }, remove_cluster: { policy: uri('clusters') } },
      };
      await policies.up(both);
      const wanted = { bindings: { add_cluster: null, remove_cluster: { policy: uri('clusters') } } };
      await policies.up(wanted);
      const map = { remove_cluster: uri('clusters') };
      expect(network.gatewayMaps()).toEqual([map, map, map]);

      network.restartGateway(1);
      expect(network.gatewayMaps()).toEqual([map, {}, map]);
      await policies.refresh();
      expect(boundIn(policies)).toEqual({ add_cluster: null, remove_cluster: null });
      expect(await policies.up(wanted)).toBe('updated');
      expect(network.gatewayMaps()).toEqual([map, map, map]);
    }));
});

describe('a deployed gateway', () => {
  const within = (test: (network: InProcessNetwork, engine: Engine) => Promise<void>) =>
    withNetwork({ timeScale }, (network) => test(network, new Engine(network)));
  const wanted = { replicas: 1, bindings: { remove_cluster: { policy: uri('clusters') } } };
  const map = { remove_cluster: uri('clusters') };

  test('never has an empty value posted, which would deny every request, as long as the map can be written without', () =>
    within(async (network, engine) => {
      const policies = engine.resource('PreCheckPolicies');
      await policies.up({ replicas: 1, bindings: { add_cluster: { policy: uri('clusters') } } });
      await policies.up({ replicas: 1, bindings: { add_cluster: null } });
      const posted = network.requests('gateway').flatMap(({ method, body }) => (method === 'POST' ? [body] : []));
      expect(posted).toEqual([{ add_cluster: uri('clusters'), create_cluster: uri('clusters') }, {}]);
    }));

  test('loses numbers, nulls and empty values in its map', () =>
    within(async (network, engine) => {
      await curl(network, { add_node: 5, remove_node: null, create_cluster: '', 7: [] });
      const policies = engine.resource('PreCheckPolicies');
      await policies.up({ ...wanted, unlisted: 'remove' });
      expect(network.gatewayMaps()).toEqual([map]);
    }));

  test('with a list for a map is reported with both maps and the way out, and works again once restarted', () =>
    within(async (network, engine) => {
      await curl(network, [['add_node', 'x']]);
      const policies = engine.resource('PreCheckPolicies');
      const failed = policies.up(wanted);
      await expect(failed).rejects.toThrow(`wanted: ${JSON.stringify(map)}`);
      await expect(failed).rejects.toThrow('seen:   [["add_node","x"]]');
      await expect(failed).rejects.toThrow('rollout restart deployment/cluster-controller-gateway');

      network.restartGateway();
      expect(await policies.up(wanted)).toBe('updated');
      expect(network.gatewayMaps()).toEqual([map]);
    }));

  test('that stops answering in the middle of an update fails it, and what was there before is not forgotten', () =>
    within(async (network, engine) => {
      await curl(network, { remove_cluster: uri('before') });
      const policies = engine.resource('PreCheckPolicies');
      const heal = network.inject(
        'gateway',
        { kind: 'drop', when: 'after' },
        { matching: ({ method }) => method === 'POST' },
      );
      await expect(policies.up(wanted)).rejects.toThrow(/the gateway at http.* gave no answer/);
      heal();
      expect(await policies.up(wanted)).toBe('updated');
      expect(network.gatewayMaps()).toEqual([map]);
      await policies.destroy();
      expect(network.gatewayMaps()).toEqual([{ remove_cluster: uri('before') }]);
    }));

  test('that once answers no JSON, or drops a connection, is asked again', () =>
    within(async (network, engine) => {
      network.inject('gateway', { kind: 'invalid json' }, { times: 1 });
      network.inject('gateway', { kind: 'drop', when: 'before' }, { after: 2, times: 1 });
      await engine.resource('PreCheckPolicies').up(wanted);
      expect(network.gatewayMaps()).toEqual([map]);
      expect(engine.statuses.join()).toContain('waiting for the gateway');
    }));

  test('that does not answer at all is an outage to a refresh, never an empty map', () =>
    within(async (network, engine) => {
      const policies = engine.resource('PreCheckPolicies');
      await policies.up(wanted);
      engine.hurry();
      network.inject('gateway', { kind: 'latency', milliseconds: 60_000 });
      await expect(policies.refresh()).rejects.toThrow('no answer within 1 s');
      expect(boundIn(policies)).toEqual({ remove_cluster: { policy: uri('clusters') } });
    }));

  test('that fails every update is given up after some rounds', () =>
    within(async (network, engine) => {
      network.inject(
        'gateway',
        { kind: 'answer', status: 500, body: { error: 'disk full' } },
        { matching: ({ method }) => method === 'POST' },
      );
      await expect(engine.resource('PreCheckPolicies').up(wanted)).rejects.toThrow(/in 8 rounds[^]*disk full/);
    }));

  test('is left alone at once when the run is cancelled', () =>
    within(async (network, engine) => {
      network.inject('gateway', { kind: 'latency', milliseconds: 60_000 });
      const running = engine.resource('PreCheckPolicies').up(wanted);
      engine.cancel();
      await expect(running).rejects.toThrow('cancelled');
    }));

  test('that starts with the wanted map, from its Deployment, does not have it restored after a delete', () =>
    within(async (network, engine) => {
      network.rolloutGateway({ CLUSTER_CONTROLLER_GATEWAY_ACTIONS_MAP: JSON.stringify(map) });
      const policies = engine.resource('PreCheckPolicies');
      await policies.up(wanted);
      expect(network.requests('gateway').filter(({ method }) => method === 'POST')).toEqual([]);
      await policies.destroy();
      expect(network.gatewayMaps()).toEqual([{}]);
    }));
});

describe('an import', () => {
  test('finds the bindings that there are, and changes nothing where the program says the same', () =>
    withNetwork({ timeScale }, async (network) => {
      await curl(network, { add_node: { policyRuleURI: uri('nodes'), parameters: { max: 3 } }, unheard_of: 1 });
      const policies = new Engine(network).resource('PreCheckPolicies');
      await policies.import('network');
      const bindings = { add_node: { policy: uri('nodes'), parameters: { max: 3 } }, remove_node: null };
      expect(policies.changesTo({ bindings })).toEqual([]);
      await expect(policies.import('mine')).rejects.toThrow('have the id "network"');
    }));
});
