import * as pulumi from '@pulumi/pulumi';
import { loadConfig } from '../../../../infra/config';

const VALUES = {
  network: { name: 'test', advertisedHost: 'network.example.org' },
  services: { imageRegistry: 'r.example.org', registryCredentials: { username: 'aios', password: 'hunter2' } },
  gateway: { image: 'gateway:v1' },
  cluster: { context: 'aios-test' },
};

/** Puts the configuration where the engine puts it. */
function configure(values: Record<string, unknown>): void {
  const texts = Object.entries(values).map(([key, value]): [string, string] => [
    `aios-network:${key}`,
    typeof value === 'string' ? value : JSON.stringify(value),
  ]);
  pulumi.runtime.setAllConfig({ ...Object.fromEntries(texts), 'kubernetes:context': 'other' });
}

beforeAll(async () => {
  await pulumi.runtime.setMocks(
    { newResource: ({ name, inputs }) => ({ id: name, state: inputs as object }), call: () => ({}) },
    'aios-network',
    'staging',
  );
  process.env.PULUMI_CONFIG_SECRET_KEYS = '["aios-network:services"]';
});

afterAll(() => {
  delete process.env.PULUMI_CONFIG_SECRET_KEYS;
});

test("reads this project's configuration of the stack", () => {
  configure(VALUES);
  const config = loadConfig();
  expect(config.stack).toBe('staging');
  expect(config.network.name).toBe('test');
});

test.each([
  ['keys that are no section', { ...VALUES, regsitry: {} }, 'aios-network:regsitry:\n  is an unknown section'],
  ['text instead of an object', { ...VALUES, registry: 'replicas=3' }, 'aios-network:registry: "replicas=3"'],
])('refuses %s', (_name, values, problem) => {
  configure(values);
  expect(loadConfig).toThrow(problem);
});

test('does not show a secret that is no JSON', () => {
  configure({ ...VALUES, services: '{"registryCredentials": "hunter2"' });
  expect(loadConfig).toThrow('aios-network:services: [secret]');
});
