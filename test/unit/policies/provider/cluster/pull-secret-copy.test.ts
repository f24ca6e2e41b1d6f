import type { JsonMap } from '../../../../../kubernetes-api';
import { PullSecretCopy } from '../../../../../policies/provider/cluster/pull-secret-copy';
import type { Call } from '../../../../../policies/provider/resource-handler';
import { LiveObjects } from './live-objects';

const ORIGINAL = '/api/v1/namespaces/default/secrets/pull';
const COPY = '/api/v1/namespaces/utils/secrets/pull';
const LABELS = { 'app.kubernetes.io/part-of': 'aios-network' };
const INPUTS = { name: 'pull', from: 'default', to: 'utils', labels: LABELS };

const secret = (password: string, metadata: JsonMap = {}): JsonMap => ({
  type: 'kubernetes.io/dockerconfigjson',
  metadata: { ...metadata },
  data: { '.dockerconfigjson': password },
});

const handler = new PullSecretCopy();
let live: LiveObjects;
let call: Call;

beforeEach(async () => {
  ({ live, call } = await LiveObjects.start('urn:pulumi:prod::aios-network::aios:cluster:PullSecretCopy::utils-pull'));
  live.put(ORIGINAL, secret('first'));
});
afterEach(() => live.stop());

/** What a run makes of the state that another one has left. */
async function copied() {
  const { id, outputs } = await handler.create(call, INPUTS);
  return { id, inputs: INPUTS, outputs };
}

test('the copy is what the original is, labelled, and the state holds nothing of it', async () => {
  const state = await copied();
  expect(live.objects.get(COPY)).toMatchObject({ ...secret('first'), metadata: { labels: LABELS } });
  expect(JSON.stringify(state)).not.toContain('first');
  expect(await handler.examine(call, state, INPUTS)).toEqual(new Map());
});

test('another password of the original reaches the copy with the next run', async () => {
  const state = await copied();
  live.put(ORIGINAL, secret('second'));
  expect([...(await handler.examine(call, state, INPUTS)).keys()]).toEqual(['from']);
  const outputs = await handler.update(call, state, INPUTS);
  expect(live.objects.get(COPY)).toMatchObject({ data: { '.dockerconfigjson': 'second' } });
  expect(await handler.examine(call, { inputs: INPUTS, outputs }, INPUTS)).toEqual(new Map());
});

test('a copy that somebody has changed, or deleted, is made again after a refresh', async () => {
  const state = await copied();
  expect(await handler.read(call, 'utils/pull', state)).toEqual(state);
  live.put(COPY, secret('changed', { labels: LABELS }));
  const found = await handler.read(call, 'utils/pull', state);
  expect([...(await handler.examine(call, found ?? state, INPUTS)).keys()]).toEqual(['from']);
  live.objects.delete(COPY);
  expect(await handler.read(call, 'utils/pull', state)).toBeUndefined();
});

test.each([
  [
    'nothing to copy',
    () => live.objects.delete(ORIGINAL),
    /no Secret pull in namespace default to copy.*kubectl create secret/,
  ],
  [
    'a Secret of another type',
    () => live.put(ORIGINAL, { ...secret('x'), type: 'Opaque' }),
    /default\/pull is of type Opaque/,
  ],
  [
    'another Secret in its place',
    () => live.put(COPY, secret('other')),
    /namespace utils has a Secret pull of somebody else/,
  ],
])('%s is refused in previews and updates, and nothing is written', async (_what, prepare, message) => {
  prepare();
  const before = live.objects.get(COPY);
  await expect(handler.foresee(call, INPUTS)).rejects.toThrow(message);
  await expect(handler.create(call, INPUTS)).rejects.toThrow(message);
  expect(live.objects.get(COPY)).toEqual(before);
});

test('one with the same contents that was put there by hand is taken for the copy', async () => {
  live.put(COPY, secret('first'));
  await copied();
  expect(live.objects.get(COPY)).toHaveProperty('metadata.labels', LABELS);
});

test('the copy goes with the resource, and what is not one stays', async () => {
  const state = await copied();
  await handler.delete(call, state);
  expect(live.objects.has(COPY)).toBe(false);
  live.put(COPY, secret('of somebody else'));
  await handler.delete(call, state);
  expect(live.objects.has(COPY)).toBe(true);
});
