import { DataPlacement } from '../../../../../policies/provider/database/data-placement';
import type { Properties } from '../../../../../policies/provider/wire/value';
import { closeServers } from '../../../kubernetes-api/servers';
import { clusterWith, metadata } from './live-cluster';

afterEach(closeServers);

const unsafe = { moveStorage: false, moveMembers: false, sharedHosts: false };
const placed = (more: Properties = {}): Properties => ({
  section: 'registry',
  statefulSet: 'registry',
  namespace: 'registries',
  replicas: 3,
  size: { text: '10Gi', bytes: 10 * 2 ** 30 },
  hosts: { labels: { registry: 'yes' }, named: [] },
  stopped: false,
  protect: false,
  unsafe,
  ...more,
});

const nodes = (...names: string[]) =>
  names.map((name) => metadata(name, { labels: { 'kubernetes.io/hostname': `host-${name}` } }));

/** What preview and update say; and how often the cluster was asked for nodes. */
async function said(now: Properties, old: Properties | undefined, live: ReturnType<typeof nodes>) {
  const { asking, server } = await clusterWith({ nodes: live });
  const state = old && { inputs: old, outputs: old };
  const told = await new DataPlacement().foresee(asking, now, state).then(
    () => undefined,
    (error: unknown) => (error as Error).message,
  );
  return { told, asked: server.asked.filter(({ url = '' }) => url.includes('/nodes')).length };
}

test('a member without a host of its own is refused before it waits for one', async () => {
  const { told } = await said(placed(), undefined, nodes('a', 'b'));
  expect(told).toContain('registry.replicas is 3, and only host-a, host-b are labelled registry=yes for members');
  expect(told).toContain('kubectl label node NAME registry=yes');
  expect(told).toContain('registry.unsafe.sharedHosts: true');
  expect((await said(placed(), undefined, nodes('a', 'b', 'c'))).told).toBeUndefined();
  const named = placed({ hosts: { labels: { registry: 'yes' }, named: ['host-b', 'host-c'] } });
  expect((await said(named, undefined, nodes('a', 'b'))).told).toBeUndefined();
});

test('hosts are counted where more, or others, are needed, and not where they may be shared', async () => {
  const before = placed();
  expect(await said(placed({ protect: true }), before, [])).toEqual({ told: undefined, asked: 0 });
  expect((await said(placed({ replicas: 5 }), before, nodes('a', 'b', 'c'))).told).toContain('registry.replicas is 5');
  const older = Object.fromEntries(Object.entries(before).filter(([key]) => key !== 'hosts'));
  expect((await said(before, older, nodes('a'))).told).toContain('only host-a is labelled');
  const shared = placed({ unsafe: { ...unsafe, sharedHosts: true } });
  expect(await said(shared, older, [])).toEqual({ told: undefined, asked: 0 });
  expect((await said(before, shared, [])).told).toContain('no host is labelled');
});
