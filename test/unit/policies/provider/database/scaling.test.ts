import { DataPlacement } from '../../../../../policies/provider/database/data-placement';
import type { Properties } from '../../../../../policies/provider/wire/value';
import { closeServers } from '../../../kubernetes-api/servers';
import { claim, clusterWith, metadata, pod, terminating, volume } from './live-cluster';

afterEach(closeServers);

const GIB = 2 ** 30;
const size = (gib: number) => ({ text: `${gib}Gi`, bytes: gib * GIB });
const three: Properties = {
  section: 'registry',
  statefulSet: 'registry',
  namespace: 'registries',
  replicas: 3,
  size: size(10),
  storageClass: 'fast',
  stopped: false,
  protect: true,
  unsafe: { moveStorage: false, moveMembers: false, singleMember: false },
};
const five: Properties = { ...three, replicas: 5 };
const older: Properties = Object.fromEntries(Object.entries(five).filter(([key]) => key !== 'replicas'));
const onDirectories = (nodes: string[]): Properties => ({
  ...Object.fromEntries(Object.entries(three).filter(([key]) => key !== 'storageClass')),
  replicas: nodes.length,
  localPath: '/mnt/registry',
  nodes,
});

type Live = Parameters<typeof clusterWith>[0];

/** What preview and update, which must agree, say of a change. */
async function said(old: Properties, now: Properties, live: Live): Promise<string | undefined> {
  const placement = new DataPlacement();
  const { asking } = await clusterWith(live);
  const told = (attempt: Promise<unknown>) =>
    attempt.then(
      () => undefined,
      (error: unknown) => (error as Error).message,
    );
  const foreseen = await told(placement.foresee(asking, now, { inputs: old, outputs: old }));
  expect(await told(placement.update(asking, { id: 'registry', inputs: old, outputs: old }, now))).toBe(foreseen);
  return foreseen;
}

const pods = (...ready: boolean[]) => ready.map((isReady, ordinal) => pod(ordinal, isReady));

test.each<[string, Properties, Properties, Live]>([
  ['all members ready', five, three, { pods: pods(true, true, true, true, true) }],
  ['a majority of both left', five, three, { pods: pods(true, true, false, true, false) }],
  [
    'no member of a stopped set, whose members stay members',
    { ...five, stopped: true },
    { ...three, stopped: true },
    {},
  ],
  ['no count in the record of before', older, three, {}],
])('members leave with %s', async (_what, old, now, live) => {
  expect(await said(old, now, live)).toBeUndefined();
});

test.each<[string, Live, RegExp]>([
  [
    'a majority that is lost',
    { pods: pods(true, false, false, true, false) },
    /2 of 5 are ready, and 3 have to agree; of the 3 that stay 1 are/,
  ],
  [
    'one that would be lost',
    { pods: pods(true, false, false, true, true) },
    /no member can leave, of the 3 that stay 1 are ready, and 2 are needed/,
  ],
  ['pods that end', { pods: [pod(0, true), pod(1, true), pod(2, true, terminating)] }, /2 of 5 are ready/],
])('no member leaves with %s', async (_what, live, message) => {
  const refusal = await said(five, three, live);
  expect(refusal).toMatch(message);
  expect(refusal).toContain('registry.replicas is 3 and was 5');
  expect(refusal).toContain('kubectl -n registries get pods -l app=registry');
});

const nodes = ['a', 'b', 'c'];
const [few, more] = [onDirectories(nodes), onDirectories([...nodes, 'd', 'e'])];
const kept = { claims: [3, 4].map((ordinal) => claim(ordinal, '')) };

test.each<[string, Properties, Properties, Live]>([
  ['that nobody had', three, five, {}],
  ['that were kept', three, five, { claims: [claim(2, 'slow'), claim(3, 'fast'), claim(4, 'fast')] }],
  ['of directories that were kept', few, more, { ...kept, volumes: [volume(3, 'd'), volume(4, 'e')] }],
])('members join with volumes %s', async (_what, old, now, live) => {
  expect(await said(old, now, live)).toBeUndefined();
});

test.each<[string, Properties, Properties, Live, string]>([
  [
    'another class',
    three,
    five,
    { claims: [claim(3, 'slow'), claim(4, 'fast')] },
    'data-registry-3 has storageClass "slow". Nothing was changed. The other members have all its data: ' +
      'kubectl -n registries delete pvc data-registry-3 data-registry-4 makes room',
  ],
  ['a claim that ends', three, five, { claims: [claim(3, 'fast', terminating)] }, 'data-registry-3 is being deleted'],
  [
    'another node',
    few,
    more,
    { ...kept, volumes: [volume(3, 'd'), volume(4, 'x')] },
    'registry-data-4 is /mnt/registry-4 on x, not /mnt/registry-4 on e',
  ],
  [
    'another path',
    few,
    more,
    { ...kept, volumes: [volume(3, 'd', '/old')] },
    'kubectl delete pv registry-data-3 makes room',
  ],
])('no member joins with a volume that was kept of %s', async (_what, old, now, live, message) => {
  expect(await said(old, now, live)).toContain(message);
});

const grown = { ...three, size: size(20) };
const expandable = (name: string, allowVolumeExpansion: boolean) => ({ ...metadata(name), allowVolumeExpansion });

test('volumes grow where their class lets them, and a preview says where it does not', async () => {
  const claims = [claim(0, 'fast'), claim(1, 'fast')];
  expect(await said(three, grown, { claims, storageclasses: [expandable('fast', true)] })).toBeUndefined();
  const refusal = await said(three, grown, { claims, storageclasses: [expandable('fast', false)] });
  expect(refusal).toContain('registry.size is 20Gi and was 10Gi: volumes of StorageClass fast cannot grow');
  expect(refusal).toContain('kubectl patch storageclass fast');
  expect(await said(three, grown, { claims })).toBe(refusal);
});
