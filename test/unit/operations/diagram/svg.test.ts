import { layoutOf, type Box } from '../../../../operations/diagram/layout';
import { svgOf } from '../../../../operations/diagram/svg';
import { type Topology, topologyOf } from '../../../../operations/diagram/topology';
import { escapeXml } from '../../../../operations/markup';
import { networkConfig } from '../../../network-config';

const topology = topologyOf(networkConfig({ registry: { replicas: 7 } }));

const overlap = (one: Box, other: Box) =>
  one.x < other.x + other.width &&
  other.x < one.x + one.width &&
  one.y < other.y + other.height &&
  other.y < one.y + one.height;

test('no part covers another, and nothing is outside of the picture', () => {
  const { namespaces, width, height } = layoutOf(topology);
  const boxes: Box[][] = [
    namespaces,
    namespaces.flatMap(({ services, database }): Box[] => [...services, ...(database ? [database] : [])]),
  ];
  for (const level of boxes) {
    const covered = level.flatMap((one, index) => level.slice(index + 1).filter((other) => overlap(one, other)));
    expect(covered).toEqual([]);
    expect(level.filter((one) => one.x + one.width > width || one.y + one.height > height)).toEqual([]);
  }
});

test('callers of the same services share a lane; every call is one lane to one service', () => {
  const { lanes } = layoutOf(topology);
  const drawn = lanes.flatMap(({ callers, called }) =>
    callers.flatMap((from) => called.map((to) => `${from.service.name} ${to.service.name}`)),
  );
  expect(drawn.sort()).toEqual(topology.calls.map(({ from, to }) => `${from} ${to}`).sort());
  const metrics = lanes.find(({ called }) => called.some(({ service }) => service.name === 'metrics-redis'));
  expect(metrics?.callers).toHaveLength(3);
});

test('says in words what it shows, for those who do not see it', () => {
  const svg = svgOf(topology, new Map([['parser', 'restarted']]));
  const [, labels = ''] = /role="img" aria-labelledby="([^"]+)"/.exec(svg) ?? [];
  for (const id of labels.split(' ')) expect(svg).toContain(`id="${id}"`);
  const [, description = ''] = /<desc [^>]*>([^<]*)</.exec(svg) ?? [];
  expect(description).toContain('parser (nodePort 30500, restarted)');
  expect(description).toContain('database registry (7 members × 10Gi)');
  expect(description).toContain('vdag-processor calls');
});

test('marks what changes with a sign, and tells what the sign means', () => {
  const svg = svgOf(topology, new Map([['registry', 'replaced']]));
  expect(svg).toMatch(/class="mark replaced"/);
  expect(svg).toMatch(/>±<.*>replaced</);
  expect(svgOf(topology)).not.toMatch(/class="mark /);
});

test('what users wrote stays text', () => {
  const odd: Topology = { ...topology, stack: '"><script>alert(1)</script>', advertisedHost: 'a&b<c>\u0001' };
  const svg = svgOf(odd);
  expect(svg).not.toContain('<script>');
  expect(svg).toContain('a&amp;b&lt;c&gt;\ufffd');
  expect(escapeXml(`'"`)).toBe('&#39;&quot;');
});

test('needs nothing from elsewhere', () => {
  const svg = svgOf(topology).replace('xmlns="http://www.w3.org/2000/svg"', '');
  expect(svg).not.toMatch(/href|url\(|https?:\/\/|@import|<image|<script/);
});
