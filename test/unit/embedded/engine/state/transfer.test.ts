import { mkdtemp, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LocalBackend } from '../../../../../embedded/engine/backend/local-backend';
import { PassphraseSecrets } from '../../../../../embedded/engine/secrets/passphrase';
import { saltOf } from '../../../../../embedded/engine/state/decrypter';
import { StackStore } from '../../../../../embedded/engine/state/stack-store';
import { exportState, importState } from '../../../../../embedded/engine/state/transfer';
import { Secret } from '../../../../../embedded/engine/values/value';
import { PASSPHRASE_OF_CLI, deploymentOfCli, exportedByCli, needing, urnOf } from './fixtures';

const reference = { project: 'spike', stack: 'dev' };
let secrets: PassphraseSecrets;
beforeAll(async () => {
  secrets = await PassphraseSecrets.open(saltOf(deploymentOfCli()) ?? '', PASSPHRASE_OF_CLI, 'stack dev');
});

const importing = (text: string, target = reference) =>
  importState(text, { reference: target, secrets, passphrase: PASSPHRASE_OF_CLI });
interface Exported {
  manifest: { version: string };
  resources: unknown[];
  pending_operations?: unknown[];
}
const changed = (change: (deployment: Exported) => void) => {
  const file = JSON.parse(exportedByCli()) as { deployment: Exported };
  change(file.deployment);
  return JSON.stringify(file);
};

test("the CLI's export is imported, stored, and exported again as it was", async () => {
  const { state, dropped } = await importing(exportedByCli());
  expect(dropped).toEqual([]);
  const backend = await LocalBackend.open(`file://${await mkdtemp(join(tmpdir(), 'transfer-'))}`, '/');
  const store = new StackStore(backend, reference, secrets, PASSPHRASE_OF_CLI);
  expect(await store.load()).toEqual({ resources: [], pending: [], metadata: {} });
  await store.save(state);
  const exported = exportState(await backend.read(reference));
  const withoutTime = (text: string) => JSON.stringify(JSON.parse(text)).replace(/"time":"[^"]+"/, '');
  expect(withoutTime(exported)).toBe(withoutTime(exportedByCli()));
  expect(exported.startsWith('{\n    "version": 3,\n    "deployment": {\n        "manifest"')).toBe(true);
  expect(await store.load()).toEqual(state);
  expect(await readFile(backend.stackFile(reference), 'utf8')).toContain('"stack":"organization/spike/dev"');
});

test('secrets are shown only when asked for, and such a file can be imported by another passphrase', async () => {
  const hidden = exportState(deploymentOfCli());
  const shown = exportState(deploymentOfCli(), secrets);
  const { state } = await importing(exportedByCli());
  const password = state.resources[0]?.outputs.password as Secret;
  expect(password).toBeInstanceOf(Secret);
  expect(hidden).not.toContain(JSON.stringify(password.value).slice(1, -1));
  expect(shown).toContain(`"plaintext": ${JSON.stringify(JSON.stringify(password.value))}`);
  expect(shown).not.toContain('"ciphertext"');
  const others = await PassphraseSecrets.create('another');
  expect(() => exportState(deploymentOfCli(), others)).toThrow(/another encryptionsalt/);
  const imported = await importState(shown.replace(saltOf(deploymentOfCli()) ?? '', others.state.salt), {
    reference,
    secrets: others,
    passphrase: 'another',
  });
  expect(imported.state.resources[0]?.outputs.password).toEqual(new Secret(password.value));
});

test('a secret is shown as the CLI prints it, with what HTML gives a meaning to escaped', () => {
  const ciphertext = secrets.encrypt('"a&b<c"');
  const sealed = JSON.stringify(deploymentOfCli()).replace(/"ciphertext":"[^"]+"/, `"ciphertext":"${ciphertext}"`);
  const shown = exportState(JSON.parse(sealed) as ReturnType<typeof deploymentOfCli>, secrets);
  expect(shown).toContain(String.raw`"plaintext": "\"a\\u0026b\\u003cc\""`);
});

test('operations that had begun are reported and left out', async () => {
  const text = changed((deployment) => {
    deployment.pending_operations = [{ type: 'updating', resource: deployment.resources[3] }];
  });
  const { state, dropped } = await importing(text);
  expect(dropped).toMatchObject([{ type: 'updating', resource: { id: 'registries' } }]);
  expect(state.pending).toEqual([]);
});

test.each<[string, string, RegExp]>([
  ['no JSON', '{"secret": "hunter2', /^((?!hunter2).)*not a JSON object((?!hunter2).)*$/],
  ['another format', JSON.stringify({ version: 2, deployment: {} }), /version 2 of the deployment format/],
  ['a changed manifest', changed(({ manifest }) => (manifest.version = 'v3.0.0')), /not intact: manifest.magic/],
  [
    'a broken order',
    changed(({ resources }) => resources.reverse()),
    /damaged: resource urn.*does not stand before it/,
  ],
])('%s is refused', async (_, text, message) => {
  await expect(importing(text)).rejects.toThrow(message);
});

test('another stack or another passphrase is refused', async () => {
  await expect(importing(exportedByCli(), { project: 'spike', stack: 'prod' })).rejects.toThrow(/of another stack/);
  const others = await PassphraseSecrets.create('another');
  await expect(importState(exportedByCli(), { reference, secrets: others, passphrase: 'another' })).rejects.toThrow(
    /Incorrect passphrase for the file to import/,
  );
});

test('a run starts from what exists, and saves nothing that refers to what does not', async () => {
  const backend = await LocalBackend.open(`file://${await mkdtemp(join(tmpdir(), 'transfer-'))}`, '/');
  const store = new StackStore(backend, { project: 'p', stack: 'dev' }, secrets, PASSPHRASE_OF_CLI);
  const bare = (name: string) => ({ urn: urnOf(name), custom: true, id: name, type: 'test:index:Thing' });
  const values = { inputs: {}, outputs: {} };
  const deleted = { ...bare('a'), ...values, pendingReplacement: true };
  const dependent = { ...bare('b'), ...values, ...needing('a') };
  await store.save({ resources: [deleted, dependent], pending: [], metadata: {} });
  const { resources } = await store.load();
  expect(resources.map(({ urn }) => urn)).toEqual([urnOf('b')]);
  await store.save({ resources, pending: [], metadata: {} });
  expect((await store.load()).resources[0]?.dependencies).toBeUndefined();
});
