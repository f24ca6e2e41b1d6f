import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Project, loadProject } from '../../../../../embedded/engine/project/project';
import { configForHistory, resolveConfig } from '../../../../../embedded/engine/project/stack-config';
import { listStacks, loadStackFile } from '../../../../../embedded/engine/project/stack-file';
import { FakeSecrets } from '../state/fixtures';

const secrets = new FakeSecrets('mine');
let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'stacks-'));
});

async function project(): Promise<Project> {
  await writeFile(join(directory, 'Pulumi.yaml'), 'name: net\nruntime: nodejs\n');
  return loadProject(directory);
}

const write = (text: string, stack = 'dev') => writeFile(join(directory, `Pulumi.${stack}.yaml`), text);

async function resolve(stackFile: string) {
  await write(stackFile);
  return resolveConfig(await loadStackFile(await project(), 'dev'), secrets);
}

test('gives the program its values as the CLI does: scalars as text, the rest as JSON, secrets decrypted', async () => {
  const { values, secretKeys, environment } = await resolve(`
config:
  net:name: hub
  net:count: 3
  net:on: true
  net:nothing:
  net:registry: { replicas: 3, nodes: [a, b], cpu: 0.5 }
  net:password: { secure: ${secrets.encrypt('p<w')} }
  net:access: { user: admin, keys: [{ secure: ${secrets.encrypt('k1')} }] }
  bare: also ours
  aws:config:region: eu
`);
  expect(values).toEqual({
    'net:name': 'hub',
    'net:count': '3',
    'net:on': 'true',
    'net:nothing': '',
    'net:registry': '{"cpu":0.5,"nodes":["a","b"],"replicas":3}',
    'net:password': 'p<w',
    'net:access': '{"keys":["k1"],"user":"admin"}',
    'net:bare': 'also ours',
    'aws:region': 'eu',
  });
  expect(secretKeys).toEqual(['net:password', 'net:access']);
  expect(JSON.parse(environment.PULUMI_CONFIG)).toEqual(values);
  expect(JSON.parse(environment.PULUMI_CONFIG_SECRET_KEYS)).toEqual(secretKeys);
});

test('the history gets secrets as the file has them', async () => {
  const ciphertext = secrets.encrypt('p');
  await write(`config: { net:a: 1, net:b: { secure: "${ciphertext}" }, net:c: [1] }`);
  const file = await loadStackFile(await project(), 'dev');
  expect(configForHistory(file)).toEqual({ 'net:a': '1', 'net:b': { secure: ciphertext }, 'net:c': [1] });
});

test.each([
  ['config:\n  net:a: {b: 1\n  net:c: 2\n', /Pulumi.dev.yaml:3:\d+: /],
  ['config:\n  net:a: 1\n  net:a: 2\n', /Pulumi.dev.yaml:3:3: this key is there already/],
  ['config: [1]', /config: expected keys with values/],
  ['config: { net:a: .inf }', /net:a: Infinity is not a number that a configuration can hold/],
  ['config: { net:a:b:c: 1 }', /net:a:b:c: expected a key of the form net:name/],
  ['config: { net:a: { b: { secure: "theirs:1:eA==" } } }', /config.net:a.b: this secret was not encrypted/],
  ['secretsprovider: awskms://key', /secretsprovider.*"passphrase" only/],
  ['environment: [prod]', /ESC environments are not supported/],
])('%j is refused', async (text, message) => {
  await expect(resolve(text)).rejects.toThrow(message);
});

test('an unknown stack is refused with the known ones', async () => {
  await write('', 'dev');
  await write('', 'prod');
  expect(await listStacks(await project())).toEqual(['dev', 'prod']);
  await expect(loadStackFile(await project(), 'stagign')).rejects.toThrow(
    /No stack "stagign".*Known stacks: dev, prod\./,
  );
});
