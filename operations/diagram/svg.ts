import { type Lane, type Layout, layoutOf, middle, type PlacedDatabase, type PlacedService } from './layout';
import { LANE_COLOURS, STYLE } from './style';
import type { DatabaseNode, ServiceNode, Topology } from './topology';
import { element, escapeXml } from '../markup';

/** What becomes of a part, for a picture of a change. */
export type Mark = 'added' | 'changed' | 'restarted' | 'replaced' | 'deleted';

/** Names of services and databases (`metrics-db`) with what becomes of them. */
export type Marks = ReadonlyMap<string, Mark>;

const MARKS = {
  added: { sign: '+', text: 'added' },
  changed: { sign: '~', text: 'changed' },
  restarted: { sign: '↻', text: 'restarted' },
  replaced: { sign: '±', text: 'replaced' },
  deleted: { sign: '−', text: 'deleted' },
} as const satisfies Record<Mark, { sign: string; text: string }>;

/** How far above the middle of a row its own calls leave it; where others' arrive is as far below. */
const APART = 6;

/**
 * A topology as an SVG document that needs nothing else, in the reader's colour scheme; the same bytes for the same topology.
 *
 * @param marks what a change does to which part. Default: nothing
 */
export function svgOf(topology: Topology, marks: Marks = new Map()): string {
  const layout = layoutOf(topology);
  const { width, height } = layout;
  const ids = { title: `topology-${topology.stack}-title`, desc: `topology-${topology.stack}-desc` };
  const content = [
    element('title', { id: ids.title }, escapeXml(`Topology of stack ${topology.stack}`)),
    element('desc', { id: ids.desc }, escapeXml(describe(topology, marks))),
    element('style', {}, STYLE),
    element('rect', { class: 'bg', width, height, rx: 8 }),
    head(topology, layout, marks),
    ...layout.namespaces.map(({ namespace, x, y, width: wide, height: high }) =>
      element('g', {}, [
        element('rect', { class: 'namespace', x, y, width: wide, height: high, rx: 8 }),
        text('h2', x + 16, y + 25, namespace.name),
      ]),
    ),
    ...branches(layout),
    ...layout.lanes.map(lane),
    ...layout.namespaces.flatMap(({ services, database }) => [
      ...(database === undefined ? [] : databaseLines(database, services)),
      ...services.map((placed) => row(placed, marks)),
      ...(database === undefined ? [] : [databaseBox(database, marks)]),
    ]),
  ];
  const attributes = { xmlns: 'http://www.w3.org/2000/svg', viewBox: `0 0 ${width} ${height}`, width, height };
  const labelled = { class: 'topology', role: 'img', 'aria-labelledby': `${ids.title} ${ids.desc}` };
  return `${element('svg', { ...attributes, ...labelled }, content)}\n`;
}

function head({ stack, advertisedHost }: Topology, { width }: Layout, marks: Marks): string {
  const used = (Object.keys(MARKS) as Mark[]).filter((mark) => [...marks.values()].includes(mark));
  const legend = used.map((mark, index) => {
    const x = width - 24 - (used.length - index) * 96;
    return [sign(mark, x, 34), text('muted', x + 15, 38, MARKS[mark].text)].join('');
  });
  const ports = `:30100 is a nodePort, at which other clusters reach the service on ${advertisedHost}`;
  return element('g', {}, [
    text('h1', 24, 40, `Stack ${stack}`),
    text('muted', 24, 66, `A line in colour leaves whoever calls; where it has a dot, it calls. ${ports}.`),
    ...legend,
  ]);
}

/** From the lanes to whom they call: one line a service, with a dot where a lane calls it. */
function branches({ lanes }: Layout): string[] {
  const called = new Set(lanes.flatMap((one) => one.called));
  return [...called].map((target) => {
    const xs = lanes.filter((one) => one.called.includes(target)).map(({ x }) => x);
    const y = arrival(target, lanes);
    const edge = target.side === 'right' ? target.x : target.x + target.width;
    const start = target.side === 'right' ? Math.min(...xs) : Math.max(...xs);
    const back = target.side === 'right' ? -7 : 7;
    return [
      element('path', { class: 'wire', d: `M${start} ${y}H${edge + back}` }),
      element('path', { class: 'tip', d: `M${edge} ${y}l${back} -4v8z` }),
    ].join('');
  });
}

function arrival(target: PlacedService, lanes: readonly Lane[]): number {
  const calls = lanes.some(({ callers }) => callers.includes(target));
  return middle(target) + (calls ? APART : 0);
}

const departure = (caller: PlacedService, lanes: readonly Lane[]) =>
  middle(caller) - (lanes.some(({ called }) => called.includes(caller)) ? APART : 0);

function lane({ x, callers, called }: Lane, index: number, lanes: readonly Lane[]): string {
  const colour = index % LANE_COLOURS;
  const leaves = callers.map((caller) => departure(caller, lanes));
  const arrives = called.map((target) => arrival(target, lanes));
  const ends = [...leaves, ...arrives];
  const names = (services: readonly PlacedService[]) => services.map(({ service }) => service.name).join(', ');
  const starts = callers.map((caller, position) => {
    const edge = caller.side === 'right' ? caller.x : caller.x + caller.width;
    return `M${edge} ${leaves[position] ?? 0}H${x}`;
  });
  return element('g', {}, [
    element('title', {}, escapeXml(`${names(callers)} → ${names(called)}`)),
    element('path', {
      class: `lane l${colour}`,
      d: `M${x} ${Math.min(...ends)}V${Math.max(...ends)}${starts.join('')}`,
    }),
    ...arrives.map((y) => element('circle', { class: `node d${colour}`, cx: x, cy: y, r: 4.5 })),
  ]);
}

function row({ service, x, y, width, height }: PlacedService, marks: Marks): string {
  const mark = marks.get(service.name);
  const notes = [
    ...(service.replicas === 1 ? [] : [`×${service.replicas}`]),
    ...service.sidecars.map((name) => `+ ${name}`),
  ].join(' ');
  const note = notes === '' ? '' : element('tspan', { class: 'muted', dx: 8 }, escapeXml(notes));
  return element('g', {}, [
    element('rect', { class: 'row', x, y, width, height, rx: 6 }),
    element('text', { x: x + 12, y: y + 22 }, escapeXml(service.name) + note),
    text('port', x + width - 12, y + 21, service.nodePorts.map((port) => `:${port}`).join(' '), 'end'),
    marking(mark, { x, y, width, height }),
  ]);
}

function databaseLines({ x, rail, database }: PlacedDatabase, services: readonly PlacedService[]): string[] {
  const users = services.filter(({ service }) => service.usesDatabase);
  return [
    element('g', {}, [
      element('title', {}, escapeXml(`${users.map(({ service }) => service.name).join(', ')} → ${database.name}`)),
      element('path', {
        class: 'wire',
        d: [
          `M${rail.x} ${rail.top}V${rail.bottom}M${rail.x} ${rail.y}H${x - 7}`,
          ...users.map((user) => `M${user.x + user.width} ${middle(user)}H${rail.x}`),
        ].join(''),
      }),
      element('path', { class: 'tip', d: `M${x} ${rail.y}l-7 -4v8z` }),
    ]),
  ];
}

function databaseBox({ database, x, y, width, height }: PlacedDatabase, marks: Marks): string {
  const members = database.members.map(({ name, node }, index) => {
    const top = y + 70 + index * 26;
    return [
      element('rect', { class: 'member', x: x + 10, y: top, width: width - 20, height: 22, rx: 11 }),
      text('muted', x + 22, top + 15, name),
      node === undefined ? '' : text('port', x + width - 20, top + 15, node, 'end'),
    ].join('');
  });
  return element('g', {}, [
    element('rect', { class: 'data', x, y, width, height, rx: 8 }),
    text('h2', x + 14, y + 24, database.name),
    text('muted', x + 14, y + 42, database.image),
    text('muted', x + 14, y + 59, sizeOf(database)),
    ...members,
    marking(marks.get(database.name), { x, y, width, height }),
  ]);
}

function sizeOf({ members, size, stopped }: DatabaseNode): string {
  return `${members.length} members × ${size}${stopped ? ', stopped' : ''}`;
}

function marking(mark: Mark | undefined, { x, y, width, height }: Record<'x' | 'y' | 'width' | 'height', number>) {
  if (mark === undefined) return '';
  const frame = { class: `mark ${mark}`, x, y, width, height, rx: 6 };
  return element('rect', { ...frame, ...(mark === 'deleted' && { 'stroke-dasharray': '6 4' }) }) + sign(mark, x, y);
}

const sign = (mark: Mark, x: number, y: number) =>
  element('circle', { class: `sign ${mark}`, cx: x, cy: y, r: 8.5 }) +
  text('badge', x, y + 4, MARKS[mark].sign, 'middle');

function text(style: string, x: number, y: number, content: string, anchor?: 'middle' | 'end'): string {
  return content === '' ? '' : element('text', { class: style, x, y, 'text-anchor': anchor }, escapeXml(content));
}

/** All that the picture shows, in sentences. */
function describe({ namespaces, calls }: Topology, marks: Marks): string {
  const callers = [...new Set(calls.map(({ from }) => from))];
  return [
    ...namespaces.map(({ name, services, database }) => {
      const own = services.map((service) => describeService(service, marks)).join(', ');
      const kept = database && `; database ${database.name} (${sizeOf(database)}${markText(marks.get(database.name))})`;
      return `Namespace ${name}: ${own}${kept ?? ''}.`;
    }),
    ...callers.map((caller) => {
      const called = calls.filter(({ from }) => from === caller).map(({ to }) => to);
      return `${caller} calls ${called.join(', ')}.`;
    }),
  ].join(' ');
}

function describeService({ name, replicas, nodePorts, sidecars }: ServiceNode, marks: Marks): string {
  const facts = [
    ...(replicas === 1 ? [] : [`${replicas} replicas`]),
    ...sidecars.map((sidecar) => `with ${sidecar}`),
    ...nodePorts.map((port) => `nodePort ${port}`),
    ...(marks.has(name) ? [markText(marks.get(name)).slice(2)] : []),
  ];
  return facts.length === 0 ? name : `${name} (${facts.join(', ')})`;
}

const markText = (mark: Mark | undefined) => (mark === undefined ? '' : `, ${MARKS[mark].text}`);
