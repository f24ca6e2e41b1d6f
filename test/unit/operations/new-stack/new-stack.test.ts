import { parse } from 'yaml';
import { newStack, todo } from '../../../../operations/new-stack/new-stack';

const NAMES = { from: 'prod', name: 'eu-1' };

const FILE = `# yaml-language-server: $schema=./schema.json
encryptionsalt: v1:abc:def
config:
  # Where it runs.
  aios-network:cluster: { kubeconfig: { secure: v1:key }, context: aios-prod }
  aios-network:network:
    name: prod # as others call it
    advertisedHost: network.example.org
  other:token:
    secure: v1:token
  aios-network:registry:
    storage: { localPath: /mnt/registry }
    nodes:
      - n1
      - n2
      - n3
    # Enough for a year.
    size: 20Gi
  aios-network:services:
    imageRegistry: registry.example.org
    registryCredentials:
      username: puller
      password:
        secure: v1:password
    overrides:
      parser: { env: { PEER: 'http://network.example.org:1' } }
  aios-network:gateway:
    image: registry.example.org/gateway:v1
  aios-network:policies:
    endpoints: { gateway: { url: 'http://gateway.example.org', token: { secure: v1:gateway } } }
    executors:
      executor-1: { clusterPublicIp: executor.example.org, hardware: { cpus: 4 } }
`;

test('takes over everything, comments too, but what belongs to one network', () => {
  const { text } = newStack(FILE, NAMES);
  expect(text).toBe(`# yaml-language-server: $schema=./schema.json
config:
  # Where it runs.
  # cluster.kubeconfig: pulumi config set --stack eu-1 --path --secret 'aios-network:cluster.kubeconfig'
  # cluster.context: fill in (prod: aios-prod)
  aios-network:cluster: {  }
  aios-network:network:
    name: eu-1 # as others call it
    # advertisedHost: fill in (prod: network.example.org)
  # other:token: pulumi config set --stack eu-1 --path --secret 'other:token'
  aios-network:registry:
    storage: { localPath: /mnt/registry }
    # nodes: fill in
    # Enough for a year.
    size: 20Gi
  aios-network:services:
    imageRegistry: registry.example.org
    registryCredentials:
      username: puller
      # password: pulumi config set --stack eu-1 --path --secret 'aios-network:services.registryCredentials.password'
    overrides:
      parser: { env: { PEER: 'http://network.example.org:1' } }
  aios-network:gateway:
    image: registry.example.org/gateway:v1
  # policies.executors.executor-1.clusterPublicIp: fill in (prod: executor.example.org)
  aios-network:policies:
    # endpoints: fill in
    executors:
      executor-1: { hardware: { cpus: 4 } }
`);
  expect(() => parse(text) as unknown).not.toThrow();
});

test('says what to fill in, what to encrypt anew, and what still names the other network', () => {
  const lines = todo(newStack(FILE, NAMES), NAMES);
  expect(lines.filter((line) => !line.startsWith('  pulumi'))).toEqual([
    'Fill in, in the file:',
    '  cluster.context                                prod has aios-prod',
    '  network.advertisedHost                         prod has network.example.org',
    '  registry.nodes',
    '  policies.endpoints',
    '  policies.executors.executor-1.clusterPublicIp  prod has executor.example.org',
    '',
    'Set anew, encrypted:',
    '',
    'Still the network of prod; is that meant?',
    '  services.overrides.parser.env.PEER: http://network.example.org:1',
  ]);
  expect(lines.join('\n')).not.toContain('v1:');
});

test('a stack that could not be used even with everything filled in is not made', () => {
  const broken = FILE.replace('size: 20Gi', 'size: much');
  expect(() => newStack(broken, NAMES)).toThrow(/a stack eu-1 like it could not be used[^]*registry\.size/);
});

test.each([
  [
    'a section of one text',
    FILE.replace(/network:network:[^]*?\n {2}other/, `network:network: '{"name":"prod"}'\n  other`),
    /^network of stack prod is written as one text/,
  ],
  [
    'an encrypted item that stays',
    FILE.replace('size: 20Gi', 'labels:\n      - secure: v1:x'),
    /^registry of stack prod has an encrypted value in a list/,
  ],
])('%s is refused', (_what, text, problem) => {
  expect(() => newStack(text, NAMES)).toThrow(problem);
});
