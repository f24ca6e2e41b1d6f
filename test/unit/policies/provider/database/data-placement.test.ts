import { ApiClient, type JsonMap } from '../../../../../kubernetes-api';
import { DataPlacement } from '../../../../../policies/provider/database/data-placement';
import type { Services } from '../../../../../policies/provider/services/services';
import type { Properties } from '../../../../../policies/provider/wire/value';
import { TestServer, closeServers } from '../../../kubernetes-api/servers';
import { targetOf } from '../../../kubernetes-api/targets';
import { claim, clusterWith, metadata, terminating, volume } from './live-cluster';

const IS_DEFAULT = 'storageclass.kubernetes.io/is-default-class';

const GIB = 2 ** 30;
const size = (gib: number) => ({ text: `${gib}Gi`, bytes: gib * GIB });
const unsafe = { moveStorage: false, moveMembers: false };

const onDefaultClass: Properties = {
  section: 'registry',
  statefulSet: 'registry',
  namespace: 'registries',
  network: 'prod',
  size: size(10),
  stopped: false,
  protect: false,
  unsafe,
};
const onClass: Properties = { ...onDefaultClass, storageClass: 'fast' };
const onDirectories: Properties = { ...onDefaultClass, localPath: '/mnt/registry', nodes: ['a', 'b', 'c'] };
const threeMembers: Properties = { ...onClass, replicas: 3 };
const five: Properties = { ...onDirectories, nodes: ['a', 'b', 'c', 'd', 'e'] };

/** What the next update is refused with. */
function refusals(olds: Properties | undefined, change: Properties): string[] {
  const news = { ...olds, ...change };
  return new DataPlacement().check(news, olds).failures.map(({ property, reason }) => `${property}: ${reason}`);
}

const moveStorage = { ...unsafe, moveStorage: true };
const moveMembers = { ...unsafe, moveMembers: true };

test.each<[what: string, olds: Properties, change: Properties]>([
  ['a first update, whatever it says', {}, onClass],
  ['a larger size of volumes', onClass, { size: size(20) }],
  ['the same size in other words', onDirectories, { size: { text: '10240Mi', bytes: 10 * GIB } }],
  ['further nodes for further members', onDirectories, { nodes: ['a', 'b', 'c', 'd', 'e'] }],
  ['fewer members', five, { nodes: ['a', 'b', 'c'] }],
  ['a stop, and a start', onClass, { stopped: true }],
  ['protection', onClass, { protect: true }],
  ['fewer members, of a record from before they were counted', onClass, { replicas: 1 }],
  ['the next major of MongoDB', { ...onClass, release: '6.0.27' }, { release: '7.0' }],
  ['a patch release, back as well', { ...onClass, release: '6.0.27' }, { release: '6.0.5' }],
  ['a release between majors', { ...onClass, release: '8.0' }, { release: '8.2.3' }],
  ['an image that does not tell its release', { ...onClass, release: '6.0' }, { release: undefined as never }],
  ['one member, where that is allowed', threeMembers, { replicas: 1, unsafe: { ...unsafe, singleMember: true } }],
  [
    'a minority of members on other nodes, where that is allowed',
    five,
    { nodes: ['a', 'x', 'c', 'y', 'e'], unsafe: moveMembers },
  ],
  [
    'another class, of a stopped database, where that is allowed',
    { ...onClass, stopped: true },
    { storageClass: 'slow', unsafe: moveStorage },
  ],
  [
    'all directories elsewhere, likewise',
    { ...onDirectories, stopped: true },
    { localPath: '/data', nodes: ['x', 'y', 'z'], unsafe: moveStorage },
  ],
  ['a smaller size, likewise', { ...onClass, stopped: true }, { size: size(5), unsafe: moveStorage }],
])('allows %s', (_what, olds, change) => {
  expect(refusals(Object.keys(olds).length === 0 ? undefined : olds, change)).toEqual([]);
});

test.each<[what: string, olds: Properties, change: Properties, ...parts: string[]]>([
  [
    'another name of the network',
    onClass,
    { network: 'production' },
    'network.name is "production" and was "prod"',
    'Set it back to prod',
  ],
  [
    'another StorageClass',
    onClass,
    { storageClass: 'slow' },
    'storage: registry.storage is storageClass slow and was storageClass fast: the volumes of all members would be replaced',
    '(1) take a backup',
    '(2) set registry.stopped: true, and run up; (3) kubectl -n registries delete pvc -l app=registry; (4) set',
    'set registry.unsafe.moveStorage: true with the change, refresh, and run up.',
  ],
  ['the default StorageClass', onDefaultClass, { storageClass: 'slow' }, "and was the cluster's default StorageClass"],
  ['another path', onDirectories, { localPath: '/data' }, 'is localPath /data and was localPath /mnt/registry'],
  [
    'a running database, whatever is allowed',
    onClass,
    { storageClass: 'slow', unsafe: moveStorage },
    'set registry.stopped: true, and run up',
  ],
  [
    'stopping with the change itself',
    onClass,
    { storageClass: 'slow', stopped: true, unsafe: moveStorage },
    'set registry.stopped: true',
  ],
  [
    'starting with the change itself',
    { ...onClass, stopped: true },
    { storageClass: 'slow', stopped: false, unsafe: moveStorage },
    'set registry.stopped: true',
  ],
  [
    'a stopped database without the switch',
    { ...onClass, stopped: true },
    { storageClass: 'slow' },
    'set registry.unsafe.moveStorage: true with the change',
  ],
  [
    'a protected one',
    { ...onClass, stopped: true, protect: true },
    { storageClass: 'slow', unsafe: moveStorage },
    'set registry.protect: false, and run up',
  ],
  [
    'a smaller size',
    onClass,
    { size: size(5) },
    'size: registry.size is 5Gi and was 10Gi: Kubernetes never shrinks a volume',
  ],
  [
    'another size of directories',
    onDirectories,
    { size: size(20) },
    'no effect on directories of nodes',
    'Set it back',
  ],
  [
    'another node for a member',
    onDirectories,
    { nodes: ['a', 'x', 'c'] },
    'nodes: registry.nodes moves member 1 from b to x, away from the directories with their data',
    '(1) kubectl delete node b; (2) kubectl -n registries delete pvc data-registry-1; kubectl delete pv registry-data-1; (3)',
    'set registry.unsafe.moveMembers: true with the change',
  ],
  [
    'another order of nodes, even where some may move',
    onDirectories,
    { nodes: ['b', 'a', 'c'], unsafe: moveMembers },
    'moves member 0 from a to b, member 1 from b to a',
    'At most 1 of 3 can lose its data',
  ],
  [
    'another domain of the cluster',
    onClass,
    { domain: 'k8s.example' },
    'domain: cluster.domain is k8s.example and was cluster.local: the members of registry know each other by names',
  ],
  [
    'an earlier release of MongoDB',
    { ...onClass, release: '7.0.28' },
    { release: '6.0.27' },
    'image: registry.image has MongoDB 6.0.27, and 7.0.28 has written the data',
    'Set 7.0',
  ],
  [
    'a release of MongoDB that skips a major',
    { ...onClass, release: '6.0' },
    { release: '8.0' },
    'one major at a time. Set 7.0 first',
  ],
  [
    'one member in place of three',
    threeMembers,
    { replicas: 1 },
    'replicas: registry.replicas is 1 and was 3: the data of the network would be on one disk',
    'registry.unsafe.singleMember: true',
  ],
  [
    'another node for an only member',
    { ...onDirectories, nodes: ['a'] },
    { nodes: ['b'], unsafe: moveMembers },
    'No member of 1',
  ],
])('refuses %s', (_what, olds, change, ...parts) => {
  const found = refusals(olds, change);
  expect(found).toHaveLength(1);
  for (const part of parts) expect(found[0]).toContain(part);
});

test('refuses volumes in place of directories', () => {
  const [failure, ...others] = new DataPlacement().check(onClass, { ...onDirectories, network: 'prod' }).failures;
  expect(others).toEqual([]);
  expect(failure?.reason).toContain('is storageClass fast and was localPath /mnt/registry');
});

test('another name of the network is told of one database alone', () => {
  const metrics = Object.fromEntries(Object.entries(onClass).filter(([key]) => key !== 'network'));
  expect(new DataPlacement().check(metrics, onClass).failures).toEqual([]);
  const old = { inputs: onClass, outputs: onClass };
  expect([...new DataPlacement().changes(old, metrics).keys()]).toEqual([]);
});

test('tells everything that is endangered at once', () => {
  const change = { network: 'other', storageClass: 'slow', size: size(1) };
  expect(refusals(onClass, change).map((text) => text.split(':')[0])).toEqual(['network', 'storage', 'size']);
});

test('refuses inputs that are none', () => {
  expect(new DataPlacement().check({ section: 'registry', sise: 1 }, undefined).failures.length).toBeGreaterThan(3);
});

describe('against the cluster', () => {
  const placement = new DataPlacement();
  let asked: unknown;
  afterEach(closeServers);

  const call = async (claims: JsonMap[], volumes: JsonMap[] = [], storageclasses: JsonMap[] = []) => {
    const { server, asking } = await clusterWith({ claims, volumes, storageclasses });
    asked = server.asked;
    return asking;
  };
  const update = async (old: Properties, now: Properties, ...live: Parameters<typeof call>) =>
    placement.update(await call(...live), { id: 'registry', inputs: old, outputs: old }, now);

  const moved = { ...onClass, storageClass: 'slow', stopped: true, unsafe: moveStorage };
  const onStopped = { ...onClass, stopped: true };
  const otherPath = { ...onDirectories, localPath: '/data', stopped: true };

  test.each<[string, Properties, Properties, JsonMap[], JsonMap[], string]>([
    ['claims of the class before', onStopped, moved, [claim(0, 'fast'), claim(1, 'slow')], [], 'pvc data-registry-0.'],
    ['a claim that is being deleted', onStopped, moved, [claim(2, 'slow', terminating)], [], '2 (being deleted)'],
    [
      'directories of the path before',
      onDirectories,
      otherPath,
      [claim(0, '')],
      [volume(0, 'a')],
      'kubectl -n registries delete pvc data-registry-0; kubectl delete pv registry-data-0.',
    ],
    [
      'a directory of the node before',
      onDirectories,
      { ...onDirectories, nodes: ['a', 'x', 'c'], unsafe: moveMembers },
      [0, 1, 2].map((ordinal) => claim(ordinal, '')),
      [volume(0, 'a'), volume(1, 'b'), volume(2, 'c')],
      'still registry-data-1: nothing was changed',
    ],
  ])('records no other place while there are %s', async (_what, old, now, claims, volumes, message) => {
    await expect(update(old, now, claims, volumes)).rejects.toThrow(message);
    const before = { inputs: old, outputs: old };
    await expect(placement.foresee(await call(claims, volumes), now, before)).rejects.toThrow(message);
  });

  test.each<[string, Properties, Properties, JsonMap[], JsonMap[]]>([
    ['once everything is gone', onStopped, moved, [], []],
    ['with what a killed run has made anew', onStopped, moved, [claim(0, 'slow')], []],
    ['likewise of directories', onDirectories, otherPath, [claim(0, '')], [volume(0, 'a', '/data')]],
    [
      'of one member, whose claim was made anew at once',
      onDirectories,
      { ...onDirectories, nodes: ['a', 'x', 'c'], unsafe: moveMembers },
      [0, 1, 2].map((ordinal) => claim(ordinal, '')),
      [volume(0, 'a'), volume(2, 'c')],
    ],
  ])('records another place %s', async (_what, old, now, claims, volumes) => {
    await expect(update(old, now, claims, volumes)).resolves.toBe(now);
  });

  test('asks the cluster only where the data is to move', async () => {
    await update(onClass, { ...onClass, protect: true }, []);
    expect(asked).toEqual([]);
  });

  test.each<[string, Properties, Parameters<typeof call>, string]>([
    ['another class', onClass, [[claim(0, 'slow')]], 'is storageClass fast and was storageClass slow'],
    ['directories', onClass, [[claim(0, '')], [volume(0, 'a')]], 'and was localPath /mnt/registry'],
    [
      'another path',
      otherPath,
      [[claim(0, '')], [volume(0, 'a')]],
      'is localPath /data and was localPath /mnt/registry',
    ],
    [
      'other nodes',
      onDirectories,
      [[claim(0, '')], [volume(0, 'a'), volume(1, 'x')]],
      'moves member 1 from x to b, away from the directories',
    ],
    [
      'a class that is not the default',
      onDefaultClass,
      [[claim(0, 'slow')], [], [metadata('fast', { annotations: { [IS_DEFAULT]: 'true' } })]],
      "is the cluster's default StorageClass and was storageClass slow",
    ],
  ])('a first record is refused where the data is in %s', async (_what, wanted, live, message) => {
    await expect(placement.create(await call(...live), wanted)).rejects.toThrow(message);
    await expect(placement.foresee(await call(...live), wanted)).rejects.toThrow(message);
  });

  test.each<[string, Properties, Parameters<typeof call>]>([
    ['nothing there', onClass, [[]]],
    ['the data where it is wanted', onClass, [[claim(0, 'fast')]]],
    ['directories where they are wanted', onDirectories, [[claim(0, '')], [volume(0, 'a'), volume(1, 'b')]]],
    [
      'the default class',
      onDefaultClass,
      [[claim(0, 'std')], [], [metadata('std', { annotations: { [IS_DEFAULT]: 'true' } })]],
    ],
    ['what is being deleted', onClass, [[claim(0, 'slow', terminating)]]],
  ])('a first record finds %s', async (_what, wanted, live) => {
    await expect(placement.create(await call(...live), wanted)).resolves.toMatchObject({ id: 'registry' });
  });

  test('where nobody may look, a preview goes on and says so, and the update does not', async () => {
    const server = await TestServer.json({ kind: 'Status', code: 403, message: 'User "ci" cannot list' }, 403);
    const client = new ApiClient(targetOf(server.url), 5);
    const warnings: string[] = [];
    const services = { cluster: () => Promise.resolve(client) } as unknown as Services;
    const { signal } = new AbortController();
    const asking = { urn: '', services, signal, status: () => undefined, warn: (text: string) => warnings.push(text) };
    await placement.foresee(asking, onClass);
    expect(warnings).toEqual([
      expect.stringMatching(/^registry: where its data is was not looked at.*User "ci" cannot/),
    ]);
    await expect(placement.create(asking, onClass)).rejects.toThrow('registry: where its data is has to be looked at');
  });
});
