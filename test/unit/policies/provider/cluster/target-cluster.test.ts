import { TargetCluster } from '../../../../../policies/provider/cluster/target-cluster';
import type { Call } from '../../../../../policies/provider/resource-handler';
import { LiveObjects } from './live-objects';

const KUBE_SYSTEM = '/api/v1/namespaces/kube-system';
const handler = new TargetCluster();
let live: LiveObjects;
let call: Call;

beforeEach(async () => {
  ({ live, call } = await LiveObjects.start('urn:pulumi:prod::aios-network::aios:cluster:TargetCluster::cluster'));
  is('first');
});
afterEach(() => live.stop());

const is = (uid: string) => live.put(KUBE_SYSTEM, { metadata: { uid } });

type Change = Record<string, string | boolean | string[]>;
const inputs = (more: Change = {}) => ({
  namespaces: ['registries', 'utils'],
  namespacesAre: 'created',
  transient: false,
  ...more,
});
const recorded = (uid = 'first', more: Change = {}) => ({
  id: 'cluster',
  inputs: inputs(more),
  outputs: { ...inputs(more), clusterUid: uid },
});

test('the cluster that was found first is the one of the stack', async () => {
  expect(await handler.create(call, inputs())).toEqual({ id: 'cluster', outputs: recorded().outputs });
  expect(await handler.examine(call, recorded(), inputs())).toEqual(new Map());
  expect(await handler.read(call, 'cluster', recorded())).toEqual(recorded());
});

test('another one is refused by a run that changes nothing, by one that does, and by a refresh', async () => {
  is('other');
  const refused =
    /^the namespace kube-system of the cluster that cluster\.context names has the uid other, .*with first\. Nothing was changed\..*cluster\.uid: other/;
  await expect(handler.examine(call, recorded(), inputs())).rejects.toThrow(refused);
  await expect(handler.update(call, recorded(), inputs({ namespacesAre: 'released' }))).rejects.toThrow(refused);
  await expect(handler.read(call, 'cluster', recorded())).rejects.toThrow(refused);
});

test('a cluster that is named has to be it, also at first; a new one takes the place of the recorded', async () => {
  is('other');
  await expect(handler.foresee(call, inputs({ uid: 'first' }))).rejects.toThrow(
    /^cluster\.uid is first, .* has the uid other/,
  );
  const outputs = await handler.update(call, recorded(), inputs({ uid: 'other' }));
  expect(outputs).toMatchObject({ clusterUid: 'other' });
  // Nobody names it any more, and it is remembered.
  expect(await handler.examine(call, { inputs: inputs(), outputs }, inputs())).toEqual(new Map());
});

test('a cluster that comes and goes is not asked', async () => {
  live.objects.clear();
  const transient = inputs({ transient: true });
  expect(await handler.create(call, transient)).toEqual({ id: 'cluster', outputs: transient });
  expect(await handler.examine(call, { inputs: transient, outputs: transient }, transient)).toEqual(new Map());
});

test('without the right to look, that is said, and what is recorded stays', async () => {
  live.forbidden.add(KUBE_SYSTEM);
  expect(await handler.update(call, recorded(), inputs())).toMatchObject({ clusterUid: 'first' });
  expect(live.warned).toEqual([expect.stringMatching(/^whether the cluster is the stack's was not looked at/)]);
});

describe('namespaces', () => {
  const existing = inputs({ namespacesAre: 'existing' });

  test.each([
    ['created', 'existing', /released and run up/],
    ['created', 'released', undefined],
    ['released', 'existing', undefined],
    ['existing', 'existing', undefined],
  ])('that were %s may become %s: refusal %s', (before, now, refusal) => {
    const { failures } = handler.check(inputs({ namespacesAre: now }), inputs({ namespacesAre: before }));
    expect(failures.map(({ reason }) => reason)).toEqual(refusal ? [expect.stringMatching(refusal)] : []);
  });

  test('that somebody else makes have to be there', async () => {
    live.put('/api/v1/namespaces/utils', { metadata: {} });
    await expect(handler.foresee(call, existing)).rejects.toThrow(
      /registries is not there\..*kubectl create namespace/,
    );
    live.put('/api/v1/namespaces/registries', { metadata: {} });
    await handler.foresee(call, existing);
  });

  test('that this program has made are not let go of without a record that tells how', async () => {
    const labels = { 'app.kubernetes.io/part-of': 'aios-network' };
    for (const name of ['registries', 'utils']) live.put(`/api/v1/namespaces/${name}`, { metadata: { labels } });
    await expect(handler.create(call, existing)).rejects.toThrow(
      /has made registries, utils .*released and run up first/,
    );
    await handler.update(call, recorded('first', { namespacesAre: 'released' }), existing);
  });
});
