import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { parseConfig } from '../../../../infra/config';
import { SCHEMA_FILE, stackFileSchema } from '../../../../infra/config/json-schema';
import { violations } from './json-schema-check';

const stacks = ['dev', 'staging', 'prod'];

const address = 'http://127.0.0.1:1';
const embeddedNetwork = { gateway: address, policiesSystem: address, clustersRegistry: address, policyCode: address };

function stackFile(stack: string): { text: string; content: { config: Record<string, unknown> } } {
  const text = readFileSync(join(__dirname, '../../../../stacks', `Pulumi.${stack}.yaml`), 'utf8');
  return { text, content: parse(text) as { config: Record<string, unknown> } };
}

function configOf(stack: string) {
  const values = Object.entries(stackFile(stack).content.config).map(([key, value]) => [key.split(':')[1], value]);
  return parseConfig(
    { stack, values: Object.fromEntries(values) as Record<string, unknown> },
    { AIOS_EMBEDDED_KUBECONFIG: '/kubeconfig', AIOS_EMBEDDED_NETWORK: JSON.stringify(embeddedNetwork) },
  );
}

test.each(stacks)('the file of stack %s has no problems and fits the schema that it names', (stack) => {
  const { text, content } = stackFile(stack);
  expect(text.split('\n')[0]).toBe('# yaml-language-server: $schema=./schema.json');
  expect(violations(stackFileSchema(), content)).toEqual([]);
  expect(configOf(stack).stack).toBe(stack);
});

test('prod protects its data, pins its images and is the largest', () => {
  const { registry, metrics } = configOf('prod');
  const { config } = stackFile('prod').content;
  expect([registry.protect, metrics.protect]).toEqual([true, true]);
  expect(config['aios-network:services']).toHaveProperty('pinned', true);
  expect(registry.replicas).toBe(5);
});

test('no two stacks share a cluster', () => {
  const contexts = stacks.map((stack) => configOf(stack).cluster.context);
  expect(new Set(contexts).size).toBe(stacks.length);
});

describe('the schema for editors', () => {
  test('is up to date (node --require tsx/cjs infra/config/json-schema.ts)', () => {
    expect(JSON.parse(readFileSync(SCHEMA_FILE, 'utf8'))).toEqual(stackFileSchema());
  });

  const withSection = (name: string, section: unknown) => ({
    config: {
      'aios-network:network': { name: 'a', advertisedHost: 'b' },
      [`aios-network:${name}`]: section,
      'kubernetes:context': 'other',
    },
  });

  test.each([
    ['a misspelt key', 'registry', { replicsa: 3 }],
    ['a misspelt section', 'regsitry', {}],
    ['an unknown service', 'services', { overrides: { 'block-db': {} } }],
    ['a bad nodePort', 'services', { overrides: { parser: { nodePorts: { '8000': 80 } } } }],
    ['an encrypted value where none belongs', 'gateway', { env: { TOKEN: { secure: 'v1:abc' } } }],
  ])('marks %s', (_name, name, section) => {
    expect(violations(stackFileSchema(), withSection(name, section))).toHaveLength(1);
  });

  test('allows an encrypted password', () => {
    const registryCredentials = { username: 'aios', password: { secure: 'v1:abc' } };
    expect(violations(stackFileSchema(), withSection('services', { registryCredentials }))).toEqual([]);
  });

  test('describes every key and tells its default', () => {
    const registry = /"replicas":\{[^}]*\}/.exec(JSON.stringify(stackFileSchema()))?.[0];
    expect(registry).toContain('"default":3');
    expect(registry).toContain('"description":"Members of the replica set');
  });
});
