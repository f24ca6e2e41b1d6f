import { parse } from 'yaml';
import { adaptStackFile, surroundings } from '../../../../embedded/review/stack-file';

const PLACE = {
  kubeconfig: '/tmp/kubeconfig',
  context: 'aios-embedded',
  gateway: 'http://127.0.0.1:1',
  policiesSystem: 'http://127.0.0.1:2',
  clustersRegistry: 'http://127.0.0.1:3',
  policyCode: 'http://127.0.0.1:4',
};
const SEALER = { salt: 'v1:salt', encrypt: (text: string) => `sealed:${text}` };

const adapted = (text: string) => parse(adaptStackFile(text, PLACE, SEALER)) as Record<string, unknown>;
const configOf = (text: string) => adapted(text).config as Record<string, Record<string, unknown>>;

it('changes where a stack goes, and nothing else of it', () => {
  const config = configOf(`
config:
  aios-network:cluster: { context: aios-prod, kubeconfig: { secure: abc } }
  aios-network:registry: { replicas: 5, size: 50Gi }
  aios-network:policies:
    bindings: { add_node: max-nodes }
    endpoints: { gateway: { url: https://gateway, token: { secure: def } } }
    code: { image: busybox:1 }
`);
  expect(config).toEqual({
    'aios-network:cluster': { context: 'aios-embedded', kubeconfig: '/tmp/kubeconfig' },
    'aios-network:registry': { replicas: 5, size: '50Gi' },
    'aios-network:policies': {
      bindings: { add_node: 'max-nodes' },
      endpoints: {
        gateway: { url: 'http://127.0.0.1:1' },
        policiesSystem: { url: 'http://127.0.0.1:2' },
        clustersRegistry: { url: 'http://127.0.0.1:3' },
      },
      code: { image: 'busybox:1', uploadUrl: 'http://127.0.0.1:4' },
    },
  });
});

it('leaves what of a cluster does not say which it is, and has its surroundings made', () => {
  const text = `
config:
  aios-network:cluster: { context: aios-prod, uid: abc, podSecurity: privileged, namespaces: existing }
  aios-network:services: { pullSecretFrom: { namespace: default, name: pull } }
`;
  expect(configOf(text)['aios-network:cluster']).toEqual({
    context: 'aios-embedded',
    kubeconfig: '/tmp/kubeconfig',
    podSecurity: 'privileged',
    namespaces: 'existing',
  });
  expect(surroundings(text)).toMatchObject({
    hasNamespaces: true,
    pullSecret: { namespace: 'default', name: 'pull' },
  });
});

it('leaves a stack without policies without', () => {
  expect(Object.keys(configOf('config: { aios-network:registry: {} }'))).toEqual([
    'aios-network:registry',
    'aios-network:cluster',
  ]);
});

it('takes keys without their namespace, and sections that are JSON text', () => {
  const config = configOf(`config: { policies: '{"bindings":{"add_node":"max-nodes"}}', cluster: { context: x } }`);
  expect(config['aios-network:policies']).toMatchObject({ bindings: { add_node: 'max-nodes' } });
  expect(config.cluster).toBeUndefined();
});

describe('a secret', () => {
  const withPassword = (ciphertext: string) =>
    adapted(`
secretsprovider: awskms://key
encryptedkey: key
config:
  aios-network:services: { registryCredentials: { username: me, password: { secure: ${ciphertext} } } }
`);

  it('becomes another one, sealed for this place, which changes when the secret does', () => {
    const [one, again, other] = [withPassword('one'), withPassword('one'), withPassword('two')];
    expect(one).toEqual(again);
    expect(one).not.toEqual(other);
    expect(JSON.stringify(one)).toMatch(/"password":\{"secure":"sealed:[0-9a-f]{16}"\}/);
  });

  it('loses its own provider, which this place has not the key of', () => {
    expect(withPassword('one')).toMatchObject({ encryptionsalt: 'v1:salt' });
    expect(Object.keys(withPassword('one')).sort()).toEqual(['config', 'encryptionsalt']);
  });

  it('that is a kubeconfig stays one', () => {
    const { executors } = configOf(`
config:
  aios-network:policies:
    executors: { e: { infrastructure: { kubeconfig: { secure: abc } } } }
`)['aios-network:policies'] as { executors: { e: { infrastructure: { kubeconfig: { secure: string } } } } };
    const sealed = executors.e.infrastructure.kubeconfig.secure.replace(/^sealed:/, '');
    expect(parse(sealed)).toMatchObject({ kind: 'Config', users: [{ name: expect.any(String) as string }] });
  });
});

it('tells which nodes and clusters a stack takes for granted', () => {
  expect(
    surroundings(`
config:
  aios-network:registry: { nodes: [a, { name: b, hostname: b.internal }] }
  metrics: { nodes: [c], replicas: 7 }
  aios-network:policies: { clusters: { gpu-1: {}, gpu-2: {} } }
`),
  ).toEqual({
    hasNamespaces: false,
    nodes: [
      { name: 'a', hostname: 'a' },
      { name: 'b', hostname: 'b.internal' },
      { name: 'c', hostname: 'c' },
      // Six are there.
      { name: 'worker-7', hostname: 'worker-7' },
    ],
    clusters: ['gpu-1', 'gpu-2'],
  });
});
