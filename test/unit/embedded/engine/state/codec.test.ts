import { PassphraseSecrets } from '../../../../../embedded/engine/secrets/passphrase';
import { StateCodec } from '../../../../../embedded/engine/state/codec';
import { saltOf } from '../../../../../embedded/engine/state/decrypter';
import type { ResourceState } from '../../../../../embedded/engine/state/resource-state';
import { Secret, unknown } from '../../../../../embedded/engine/values/value';
import { FakeSecrets, PASSPHRASE_OF_CLI, deploymentOfCli, stateWith, thing } from './fixtures';

interface Encoded {
  resources: Record<string, Record<string, unknown>>[];
  pending_operations?: unknown[];
}
const parsed = (text: Buffer) => JSON.parse(text.toString()) as Encoded;

test('what the CLI has written is written back byte for byte, apart from the time', async () => {
  const deployment = deploymentOfCli();
  const original = JSON.stringify(deployment);
  const secrets = await PassphraseSecrets.open(saltOf(deployment) ?? '', PASSPHRASE_OF_CLI, 'stack dev');
  const codec = new StateCodec(secrets);
  const text = codec.encode(codec.decode(deployment)).toString();
  expect(text.replace(/"time":"[^"]+"/, '')).toBe(original.replace(/"time":"[^"]+"/, ''));
  expect(text).not.toContain('"ciphertext":""');
});

describe('secrets', () => {
  const codec = () => new StateCodec(new FakeSecrets('mine'));
  const withSecrets = (outputs: ResourceState['outputs']) => stateWith(thing('a', { outputs }));
  const outputsOf = (text: Buffer) => parsed(text).resources[2]?.outputs ?? {};

  test('that stay the same keep their ciphertext, although the resource is a new one', () => {
    const mine = codec();
    const before = outputsOf(mine.encode(withSecrets({ list: [new Secret({ a: 1 })], other: new Secret('x') })));
    const after = outputsOf(mine.encode(withSecrets({ list: [new Secret({ a: 1 })], other: new Secret('y'), n: 1 })));
    expect(after.list).toEqual(before.list);
    expect(after.other).not.toEqual(before.other);
  });

  test('keep it over a restart', () => {
    const secrets = new FakeSecrets('mine');
    const before = new StateCodec(secrets).encode(withSecrets({ password: new Secret('x') }));
    const next = new StateCodec(secrets);
    next.decode(JSON.parse(before.toString()) as Record<string, unknown>);
    const fromProvider = withSecrets({ password: new Secret('x'), more: true });
    expect(outputsOf(next.encode(fromProvider)).password).toEqual(outputsOf(before).password);
  });

  test('of another key are decrypted with it and encrypted anew', () => {
    const theirs = new FakeSecrets('theirs');
    const written = new StateCodec(theirs).encode(withSecrets({ password: new Secret('x') }));
    const mine = codec();
    const state = mine.decode(JSON.parse(written.toString()) as Record<string, unknown>, theirs);
    expect(state.resources[2]?.outputs.password).toEqual(new Secret('x'));
    expect(mine.encode(state).toString()).not.toContain('theirs');
    expect(() => codec().decode(JSON.parse(written.toString()) as Record<string, unknown>)).toThrow(
      'Cannot decrypt a secret of urn:pulumi:dev::p::test:index:Thing::a',
    );
  });

  test('never stand in the text in plain', () => {
    const state = withSecrets({ password: new Secret('hunter2'), nested: [{ key: new Secret(['hunter2']) }] });
    expect(codec().encode(state).toString()).not.toContain('hunter2');
  });
});

test('what the engine does not interpret is kept: keys of resources and of the deployment', () => {
  const codec = new StateCodec(new FakeSecrets('mine'));
  const deployment = {
    resources: [{ urn: 'u', custom: true, type: 't', deletedWith: 'd', taint: true, future: { z: 1, a: [2] } }],
    metadata: { integrity_error: { version: 'v1' } },
    snippets: [{ uuid: '1' }],
  };
  const { resources, metadata, snippets } = JSON.parse(
    codec.encode(codec.decode(structuredClone(deployment))).toString(),
  ) as typeof deployment;
  expect({ resources, metadata, snippets }).toEqual(deployment);
});

test('empty and false members are left out, as the CLI does', () => {
  const codec = new StateCodec(new FakeSecrets('mine'));
  const bare = { urn: 'u', custom: false, type: 't', inputs: {}, outputs: {} };
  const padded = {
    ...bare,
    protect: false,
    dependencies: [],
    aliases: [],
    propertyDependencies: {},
    customTimeouts: {},
  };
  const text = (resource: ResourceState) => JSON.stringify(parsed(codec.encode(stateWith(resource))).resources[2]);
  expect(text(padded)).toBe('{"urn":"u","custom":false,"type":"t"}');
  expect(text({ ...bare, inputs: { kept: {}, also: null } })).toContain('"inputs":{"also":null,"kept":{}}');
});

test('a resource is serialised once, however often the state is written', () => {
  const codec = new StateCodec(new FakeSecrets('mine'));
  let read = 0;
  const inputs = Object.defineProperty({}, 'size', { enumerable: true, get: () => (read += 1) });
  const unchanged = thing('a', { inputs });
  codec.encode(stateWith(unchanged, thing('b')));
  const readByThen = read;
  expect(codec.encode(stateWith(unchanged, thing('b', { id: 'changed' }))).toString()).toContain('"size":');
  expect(read).toBe(readByThen);
});

test('an unknown value is never written', () => {
  const codec = new StateCodec(new FakeSecrets('mine'));
  const state = stateWith(thing('a', { outputs: { ip: [unknown] } }));
  expect(() => codec.encode(state)).toThrow('unknown value at outputs/ip/0');
});

test('secrets of another provider are refused with what to do', () => {
  expect(() => saltOf({ secrets_providers: { type: 'cloud', state: {} } })).toThrow(
    /"cloud".*change-secrets-provider passphrase/,
  );
});
