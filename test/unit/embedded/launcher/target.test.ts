import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { readDestination } from '../../../../embedded/launcher/target';

let checkout: string;

beforeEach(() => {
  checkout = mkdtempSync(path.join(tmpdir(), 'aios-checkout-'));
  mkdirSync(path.join(checkout, 'stacks'));
});
afterEach(() => rmSync(checkout, { recursive: true }));

test.each([
  ['{ gateway: { url: http://gateway.example } }', true],
  ['{ policiesSystem: { url: http://policies.example } }', true],
  ['{}', false],
])(
  'the simulated gateway shows what policies decide unless they go elsewhere: endpoints %s',
  async (endpoints, named) => {
    const text = `config:\n  aios-network:policies:\n    endpoints: ${endpoints}\n`;
    writeFileSync(path.join(checkout, 'stacks', 'Pulumi.dev.yaml'), text);
    expect((await readDestination(checkout, 'dev')).namesEndpoints).toBe(named);
  },
);

test.each([
  ['  aios-network:cluster: { context: prod }\n', false],
  ['  cluster: { context: prod }\n', false],
  ['  aios-network:config:cluster: { context: prod }\n', false],
  ['  aios-network:network: &prod { context: prod }\n  aios-network:cluster: { <<: *prod }\n', false],
  [`  aios-network:cluster: '{"context": "prod"}'\n`, false],
  ['  aios-network:cluster: { certificates: issuer }\n', true],
  ['  aios-network:cluster:\n', true],
  ['  other:cluster: { context: prod }\n', true],
])('stack dev with %j is applied to the embedded cluster: %s', async (config, embedded) => {
  writeFileSync(path.join(checkout, 'stacks', 'Pulumi.dev.yaml'), `config:\n${config}`);
  expect((await readDestination(checkout, 'dev')).usesEmbeddedCluster).toBe(embedded);
});

test.each([
  ['{ enforcement: disabled }', false],
  ['{ enforcement: disabled, rules: { probes: disabled } }', false],
  ['{ enforcement: disabled, rules: { probes: advisory } }', true],
  ['{ rules: { probes: disabled } }', true],
  ['{ enforcement: mandatory }', true],
  ['', true],
])('guardrails %s are looked for: %s', async (section, guarded) => {
  writeFileSync(path.join(checkout, 'stacks', 'Pulumi.dev.yaml'), `config:\n  aios-network:guardrails: ${section}\n`);
  expect((await readDestination(checkout, 'dev')).guardrails !== undefined).toBe(guarded);
});
