import { unreadyNodes } from '../../../../embedded/cluster/nodes';

const now = Date.parse('2026-01-01T00:01:00Z');
const names = [1, 2, 3, 4, 5, 6].map((number) => `worker-${number}`);
const node = (name: string, status = 'True') => ({
  metadata: { name },
  status: { conditions: [{ type: 'Ready', status }] },
});
const lease = (name: string, renewTime = '2026-01-01T00:00:30.5Z') => ({ metadata: { name }, spec: { renewTime } });
const leases = { items: names.map((name) => lease(name)) };

test('nodes are ready with the condition and a fresh sign of life', () => {
  expect(unreadyNodes({ items: names.map((name) => node(name)) }, leases, now)).toEqual([]);
});

test('nodes are not ready with only one of them, or when they are gone', () => {
  const nodes = { items: [node('worker-1', 'False'), ...names.slice(2).map((name) => node(name))] };
  const stale = [lease('worker-3', '2026-01-01T00:00:19Z'), ...leases.items.slice(3)];
  const signs = { items: [...leases.items.slice(0, 2), ...stale] };
  expect(unreadyNodes(nodes, signs, now)).toEqual(['worker-1', 'worker-2', 'worker-3']);
});
