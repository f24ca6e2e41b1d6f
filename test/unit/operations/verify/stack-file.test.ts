import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { endpointsOf } from '../../../../operations/verify/governance/endpoints';
import { readStack } from '../../../../operations/verify/stack-file';

let project: string;

beforeEach(() => {
  project = mkdtempSync(path.join(tmpdir(), 'aios-verify-'));
  mkdirSync(path.join(project, 'stacks'));
});
afterEach(() => rmSync(project, { recursive: true }));

test('a stack with encrypted values can be verified, with the tokens that are given', () => {
  const text = `config:
  aios-network:cluster: { context: prod, kubeconfig: { secure: v1:abc } }
  aios-network:network: { name: prod, advertisedHost: aios.example.com }
  aios-network:services: { imageRegistry: registry.example.org:31280 }
  aios-network:gateway: { image: registry.example.org:31280/mgmt/gateway:v1 }
  aios-network:registry: { nodes: [a, b, c] }
  aios-network:metrics: { nodes: [a, b, c] }
  aios-network:policies:
    executors:
      executor-001: { clusterPublicIp: 203.0.113.7, infrastructure: { kubeconfig: { secure: v1:def }, maxProcesses: 4 } }
    endpoints:
      gateway: { url: https://gateway.example.com, token: { secure: v1:ghi } }
`;
  writeFileSync(path.join(project, 'stacks', 'Pulumi.prod.yaml'), text);
  const config = readStack(project, 'prod', {});
  // What was encrypted is not taken for a path.
  expect(typeof config.cluster.kubeconfig).not.toBe('string');
  expect(() => endpointsOf(config, {})).toThrow(
    "https://gateway.example.com wants a token, which is encrypted in the stack's file: give it in AIOS_GATEWAY_TOKEN",
  );
  const { gateway, policiesSystem } = endpointsOf(config, { AIOS_GATEWAY_TOKEN: 't' });
  expect(gateway).toEqual({ url: 'https://gateway.example.com', token: 't' });
  expect(policiesSystem).toMatchObject({ service: { namespace: 'registries' } });
});

test('what is no YAML is told by file, line and column', () => {
  const text = 'config:\n  aios-network:cluster: { context: prod\n';
  writeFileSync(path.join(project, 'stacks', 'Pulumi.dev.yaml'), text);
  expect(() => readStack(project, 'dev', {})).toThrow(/stacks\/Pulumi\.dev\.yaml:3:1: /);
});

test('an integer that no number holds is told as a problem of the configuration', () => {
  const text = 'config:\n  aios-network:gateway: { replicas: 9007199254740993 }\n';
  writeFileSync(path.join(project, 'stacks', 'Pulumi.dev.yaml'), text);
  expect(() => readStack(project, 'dev', {})).toThrow(/the configuration of stack dev cannot be used/);
});
