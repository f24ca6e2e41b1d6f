import { createHash } from 'node:crypto';
import type { InProcessNetwork } from '../../../../../embedded/network';
import { authorization, send } from '../../../embedded/network/client';
import { withNetwork } from '../../../embedded/network/temporary-network';
import { Engine, timeScale } from '../managed';

const name = 'aiosv1.policies.cluster-controller-gateway.max-nodes';
const uri = `${name}:v0.0.1-stable`;
const archive = Buffer.from('an archive');
const sha256 = createHash('sha256').update(archive).digest('hex');

const wanted = (changes: Record<string, unknown> = {}) =>
  ({
    name,
    version: 'v0.0.1',
    type: 'pre-check',
    description: 'limits nodes',
    settings: { max: 20 },
    code: { url: 'http://code.example/max-nodes.tar.gz', sha256 },
    ...changes,
  }) as never;

const within = (test: (network: InProcessNetwork, engine: Engine) => Promise<void>) =>
  withNetwork({ timeScale }, (network) => test(network, new Engine(network)));

const uris = (network: InProcessNetwork) => network.policies().map((policy) => policy.policy_rule_uri);

describe('onboarding', () => {
  test('stores one entry with the address and checksum of the code, and uploads the archive first', () =>
    within(async (network, engine) => {
      const url = `${network.policyCode}/max-nodes.tar.gz`;
      const code = { url, sha256, upload: { url, content: archive.toString('base64') } };
      const policy = engine.resource('Policy');
      await policy.up(wanted({ code }));
      expect(network.policies()).toEqual([
        expect.objectContaining({
          policy_rule_uri: uri,
          code: url,
          code_type: 'zip',
          policy_settings: { max: 20 },
          policy_parameters: {},
          metadata: { code_sha256: sha256, aios_network_urn: engine.urn },
        }),
      ]);
      const served = await fetch(url, { headers: authorization(url) });
      expect(Buffer.from(await served.arrayBuffer())).toEqual(archive);
      expect(policy.output('uri')).toBe(uri);
      expect(JSON.stringify(policy.state?.outputs)).not.toContain(archive.toString('base64'));
      expect(await policy.up(wanted({ code }))).toBe('same');
    }));

  test('finds an entry that an interrupted run has left, and stores no second', () =>
    within(async (network, engine) => {
      await engine.resource('Policy').up(wanted());
      await engine.resource('Policy').up(wanted());
      expect(uris(network)).toEqual([uri]);
    }));

  test('refuses to take over an entry with other content, and names the ways out', () =>
    within(async (network, engine) => {
      await engine.resource('Policy').up(wanted());
      engine.urn = 'urn:pulumi:other::somebody::aios:governance:Policy::theirs';
      const other = engine.resource('Policy');
      await expect(other.up(wanted({ settings: { max: 5 } }))).rejects.toThrow(
        /policy_settings differ.*raise version, import it, or set allowContentChange: true/,
      );
      await other.up(wanted({ settings: { max: 5 }, allowContentChange: true }));
      expect(network.policies()).toEqual([expect.objectContaining({ policy_settings: { max: 5 } })]);
    }));

  test('goes on with what a killed run of ours has begun, though the wish has changed since', () =>
    within(async (network, engine) => {
      await engine.resource('Policy').up(wanted());
      const policy = engine.resource('Policy');
      expect(await policy.up(wanted({ settings: { max: 5 } }))).toBe('created');
      expect(network.policies()).toEqual([expect.objectContaining({ policy_settings: { max: 5 } })]);
      await policy.refresh();
      expect(policy.changesTo(wanted({ settings: { max: 5 } }))).toEqual([]);
    }));

  test('leaves an entry of an earlier release, which has no mark of ours, as it is', () =>
    within(async (network, engine) => {
      const policy = engine.resource('Policy');
      await policy.up(wanted());
      const unmarked = { ...network.policies()[0], metadata: { code_sha256: sha256 } };
      await send(network.policiesSystem, 'PUT', `/policy/${uri}`, unmarked);
      await policy.refresh();
      expect(policy.changesTo(wanted())).toEqual([]);
      expect(await policy.up(wanted())).toBe('same');
      policy.state = undefined;
      expect(await policy.up(wanted())).toBe('created');
    }));

  test('is not repeated when its answer gets lost: the next run finds out what became of it', () =>
    within(async (network, engine) => {
      const isInsert = {
        matching: ({ method, path }: { method: string; path: string }) => method === 'POST' && path === '/policy',
      };
      const heal = network.inject('policiesSystem', { kind: 'drop', when: 'after' }, isInsert);
      const policy = engine.resource('Policy');
      await expect(policy.up(wanted())).rejects.toThrow('Whether it was done is not known: the next run finds out');
      heal();
      await policy.up(wanted());
      expect(uris(network)).toEqual([uri]);
    }));

  test('fails with what the policies system says, though that comes as HTTP 200', () =>
    within(async (network, engine) => {
      network.inject(
        'policiesSystem',
        { kind: 'answer', status: 200, body: { success: false, message: "'resource_estimates'" } },
        { matching: ({ path }) => path === '/policy' },
      );
      await expect(engine.resource('Policy').up(wanted())).rejects.toThrow("success: false, 'resource_estimates'");
    }));
});

describe('a version', () => {
  test('keeps its content unless told otherwise; what only describes it may change', () =>
    within(async (network, engine) => {
      const policy = engine.resource('Policy');
      await policy.up(wanted());
      const other = createHash('sha256').update('other').digest('hex');
      const failures = policy.failures(wanted({ settings: { max: 5 }, code: { url: 'http://x', sha256: other } }));
      expect(failures).toEqual([
        expect.stringMatching(/^settings: .*raise version, or set allowContentChange: true$/),
        expect.stringMatching(/^code.sha256: .*raise version, or set allowContentChange: true$/),
      ]);
      const described = wanted({ description: 'new words', code: { url: 'http://elsewhere/x.tar.gz', sha256 } });
      expect(await policy.up(described)).toBe('updated');
      expect(await policy.up(wanted({ settings: { max: 5 }, allowContentChange: true }))).toBe('updated');
      expect(network.policies()).toEqual([expect.objectContaining({ policy_settings: { max: 5 } })]);
    }));

  test('that a hand has changed is shown and repaired without that permission', () =>
    within(async (network, engine) => {
      const policy = engine.resource('Policy');
      await policy.up(wanted());
      const stored = { ...network.policies()[0], policy_settings: { max: 999 } };
      await send(network.policiesSystem, 'PUT', `/policy/${uri}`, stored);
      await policy.refresh();
      expect(policy.changesTo(wanted())).toEqual(['settings.max']);
      await policy.up(wanted());
      expect(network.policies()).toEqual([expect.objectContaining({ policy_settings: { max: 20 } })]);
    }));

  test('of its own is onboarded before the old one goes', () =>
    within(async (network, engine) => {
      const policy = engine.resource('Policy');
      await policy.up(wanted());
      expect(await policy.up(wanted({ version: 'v0.0.2', settings: { max: 5 } }))).toBe('replaced');
      expect(uris(network)).toEqual([`${name}:v0.0.2-stable`]);
      const order = network.requests('policiesSystem').flatMap(({ method, path }) => {
        return method === 'DELETE' || path === '/policy' ? [method] : [];
      });
      expect(order).toEqual(['POST', 'POST', 'DELETE']);
    }));
});

describe('duplicates', () => {
  test('are reported, and removed only on request', () =>
    within(async (network, engine) => {
      const policy = engine.resource('Policy');
      await policy.up(wanted());
      network.seed({ policies: [{ ...network.policies()[0] }, { ...network.policies()[0] }] });
      await policy.refresh();
      expect(engine.warnings.join()).toContain(`${uri} is stored 3 times`);
      expect(await policy.up(wanted())).toBe('same');
      expect(uris(network)).toHaveLength(3);

      expect(policy.changesTo(wanted({ duplicates: 'clean' }))).toEqual(['duplicates']);
      await policy.up(wanted({ duplicates: 'clean' }));
      expect(uris(network)).toEqual([uri]);
    }));

  test('that are found when onboarding leave the wanted entry', () =>
    within(async (network, engine) => {
      await engine.resource('Policy').up(wanted());
      const [stored] = network.policies();
      network.seed({ policies: [{ ...stored, policy_settings: { max: 1 } }] });
      await engine.resource('Policy').up(wanted({ duplicates: 'clean' }));
      expect(network.policies()).toEqual([stored]);
    }));
});

describe('a delete', () => {
  test('is refused as long as the network or a cluster binds the policy', () =>
    within(async (network, engine) => {
      network.seed({ clusters: [{ id: 'cluster-1', config: {} }] });
      const policy = engine.resource('Policy');
      await policy.up(wanted());
      const networkWide = engine.resource('PreCheckPolicies');
      await networkWide.up({ replicas: 1, bindings: { add_node: { policy: uri } } });
      const ofCluster = engine.resource('ClusterPreCheckPolicies');
      await ofCluster.up({ clusterId: 'cluster-1', bindings: { remove_cluster: { policy: uri } } });

      await expect(policy.destroy()).rejects.toThrow(
        `${uri} is bound: add_node of the network, remove_cluster of cluster cluster-1.`,
      );
      await networkWide.destroy();
      await expect(policy.destroy()).rejects.toThrow(`${uri} is bound: remove_cluster of cluster cluster-1.`);
      await ofCluster.destroy();
      await policy.destroy();
      expect(uris(network)).toEqual([]);
    }));

  test('looks for bindings once for many policies', () =>
    within(async (network, engine) => {
      const versions = Array.from({ length: 10 }, (_, i) => `v0.0.${i}`);
      const policies = versions.map((version) => ({ version, resource: engine.resource('Policy') }));
      await Promise.all(policies.map(({ version, resource }) => resource.up(wanted({ version }))));
      await Promise.all(policies.map(({ resource }) => resource.destroy()));
      expect(uris(network)).toEqual([]);
      expect(network.requests('clustersRegistry')).toHaveLength(1);
    }));

  test('goes on without a gateway, which then binds nothing', () =>
    within(async (network, engine) => {
      const policy = engine.resource('Policy');
      await policy.up(wanted());
      network.inject('gateway', { kind: 'drop', when: 'before' });
      await policy.destroy();
      expect(uris(network)).toEqual([]);
    }));

  test('is refused while the gateway talks nonsense: it may bind the policy', () =>
    within(async (network, engine) => {
      const policy = engine.resource('Policy');
      await policy.up(wanted());
      network.inject('gateway', { kind: 'invalid json' });
      await expect(policy.destroy()).rejects.toThrow('the gateway');
      expect(uris(network)).toEqual([uri]);
    }));

  test('is refused while it cannot be seen what binds the policy', () =>
    within(async (network, engine) => {
      const policy = engine.resource('Policy');
      await policy.up(wanted());
      network.inject('clustersRegistry', { kind: 'outage' });
      await expect(policy.destroy()).rejects.toThrow('the clusters registry');
      expect(uris(network)).toEqual([uri]);
    }));

  test('is refused where the registry finds no bindings, but slowly, as without its database', () =>
    within(async (network, engine) => {
      const policy = engine.resource('Policy');
      await policy.up(wanted());
      engine.hurry();
      network.inject('clustersRegistry', { kind: 'latency', milliseconds: 8_000 });
      await expect(policy.destroy()).rejects.toThrow('nothing is concluded from that');
    }));

  test('of a policy that is not there is done', () =>
    within(async (network, engine) => {
      const policy = engine.resource('Policy');
      await policy.up(wanted());
      await send(network.policiesSystem, 'DELETE', `/policy/${uri}`);
      await policy.destroy();
    }));
});

describe('a refresh', () => {
  test.each([
    ['other policies are there', [{ policy_rule_uri: 'other:v1-stable' }], []],
    ['only executors are there', [], [{ executor_id: 'executor-001' }]],
    ['nothing at all is there', [], []],
  ])('finds that a policy has gone, where %s', (_, policies, executors) =>
    within(async (network, engine) => {
      const policy = engine.resource('Policy');
      await policy.up(wanted());
      await send(network.policiesSystem, 'DELETE', `/policy/${uri}`);
      network.seed({ policies, executors });
      expect(await policy.refresh()).toBe('gone');
    }),
  );

  test('does not believe in one moment without any entry', () =>
    within(async (network, engine) => {
      const policy = engine.resource('Policy');
      await policy.up(wanted());
      const empty = { kind: 'answer', status: 200, body: { success: true, data: [] } } as const;
      network.inject('policiesSystem', empty, { times: 4 });
      await expect(policy.refresh()).rejects.toThrow('at one time and not at another');
      expect(await policy.refresh()).toBe('read');
    }));

  test('gives up before a policies system without its database tells that there is nothing', () =>
    within(async (network, engine) => {
      const policy = engine.resource('Policy');
      await policy.up(wanted());
      engine.hurry();
      network.inject('policiesSystem', { kind: 'outage' });
      await expect(policy.refresh()).rejects.toThrow('no answer within 1 s');
      network.heal();
      expect(await policy.refresh()).toBe('read');
    }));

  test('concludes nothing from an empty answer that comes late', () =>
    within(async (network, engine) => {
      const policy = engine.resource('Policy');
      await policy.up(wanted());
      engine.hurry();
      network.inject('policiesSystem', { kind: 'latency', milliseconds: 8_000 });
      network.inject('policiesSystem', { kind: 'answer', status: 200, body: { success: true, data: [] } });
      await expect(policy.refresh()).rejects.toThrow('nothing is concluded from that');
    }));
});

test('an import finds a policy by its URI, and changes nothing where the program says the same', () =>
  within(async (_network, engine) => {
    await engine.resource('Policy').up(wanted());
    const policy = engine.resource('Policy');
    await policy.import(uri);
    expect(policy.changesTo(wanted())).toEqual([]);
    expect(await policy.import('nothing:v1-stable')).toBeUndefined();
  }));
