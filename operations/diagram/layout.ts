import type { DatabaseNode, NamespaceNode, ServiceNode, Topology } from './topology';

/** A rectangle, in the picture's units. */
export interface Box {
  x: number;
  y: number;
  width: number;
  height: number;
}

export interface PlacedService extends Box {
  service: ServiceNode;
  side: Side;
}

export interface PlacedDatabase extends Box {
  database: DatabaseNode;
  /** Where the line from its services arrives. */
  rail: { x: number; top: number; bottom: number; y: number };
}

interface PlacedNamespace extends Box {
  namespace: NamespaceNode;
  services: PlacedService[];
  database?: PlacedDatabase;
}

/**
 * The way of calls from their callers to whom they call: a vertical line with a branch to each. Callers that call the same
 * services share one, or fifty lines would cross each other.
 */
export interface Lane {
  x: number;
  callers: PlacedService[];
  called: PlacedService[];
}

export interface Layout {
  width: number;
  height: number;
  namespaces: PlacedNamespace[];
  lanes: Lane[];
}

/** Names of callers that call the same services. */
interface Bundle {
  callers: string[];
  called: string[];
}

/** What stands left of the lanes calls most, what stands right of them is mostly called. */
type Side = 'left' | 'right';

const SIDES: Record<NamespaceNode['name'], Side> = {
  services: 'left',
  utils: 'left',
  registries: 'right',
  'metrics-system': 'right',
};

const MARGIN = 24;
/** Above the namespaces: title and legend. */
const HEAD = 96;
const PADDING = 14;
const TITLE = 40;
const ROW = { width: 308, height: 34, gap: 6 };
const LANE = { margin: 34, gap: 19 };
const RAIL = 26;
const DATABASE = { width: 196, head: 74, member: 26 };
const GAP = 26;

/** Places a topology: layers of namespaces from left to right, services in rows, calls in lanes between. */
export function layoutOf(topology: Topology): Layout {
  const present = topology.namespaces.filter(({ services, database }) => services.length > 0 || database !== undefined);
  const bundles = bundlesOf(topology);
  const leftWidth = ROW.width + 2 * PADDING;
  const lanesWidth = 2 * LANE.margin + Math.max(0, bundles.length - 1) * LANE.gap;
  const right = MARGIN + leftWidth + lanesWidth;
  const namespaces = [
    ...column(present, 'left', { x: MARGIN, spread: columnHeight(present, 'right') }),
    ...column(present, 'right', { x: right, spread: 0 }),
  ];
  const bottom = Math.max(0, ...namespaces.map(({ y, height }) => y + height));
  const services = new Map(namespaces.flatMap((one) => one.services.map((placed) => [placed.service.name, placed])));
  const found = (names: readonly string[]) => names.flatMap((name) => services.get(name) ?? []);
  return {
    width: Math.max(...namespaces.map(({ x, width }) => x + width)) + MARGIN,
    height: bottom + MARGIN,
    namespaces,
    lanes: bundles.map(({ callers, called }, index) => ({
      x: MARGIN + leftWidth + LANE.margin + index * LANE.gap,
      callers: found(callers),
      called: found(called),
    })),
  };
}

/** Callers by what they call, in the order in which they come: those on the right last, next to where they stand. */
function bundlesOf({ calls, namespaces }: Topology): Bundle[] {
  const onTheRight = (name: string) => sideOf(name, namespaces) === 'right';
  const called = new Map<string, string[]>();
  for (const { from, to } of calls) called.set(from, [...(called.get(from) ?? []), to]);
  const bundles = new Map<string, Bundle>();
  for (const [caller, own] of called) {
    const same = bundles.get(own.join())?.callers ?? [];
    bundles.set(own.join(), { callers: [...same, caller], called: own });
  }
  const all = [...bundles.values()];
  const isRight = ({ callers }: Bundle) => callers.some(onTheRight);
  return [...all.filter((bundle) => !isRight(bundle)), ...all.filter(isRight)];
}

function sideOf(service: string, namespaces: readonly NamespaceNode[]): Side {
  const home = namespaces.find(({ services }) => services.some(({ name }) => name === service));
  return home === undefined ? 'left' : SIDES[home.name];
}

/** @param spread height over which the namespaces are spread evenly, if they take less */
function column(
  all: readonly NamespaceNode[],
  side: Side,
  { x, spread }: { x: number; spread: number },
): PlacedNamespace[] {
  const own = all.filter(({ name }) => SIDES[name] === side);
  const free = Math.max(0, spread - columnHeight(all, side));
  const gap = GAP + (own.length > 1 ? Math.min(free / (own.length - 1), 150) : 0);
  let y = HEAD;
  return own.map((namespace) => {
    const placed = place(namespace, side, x, y);
    y += placed.height + gap;
    return placed;
  });
}

function columnHeight(all: readonly NamespaceNode[], side: Side): number {
  const heights = all.filter(({ name }) => SIDES[name] === side).map(heightOf);
  return heights.reduce((sum, height) => sum + height + GAP, -GAP);
}

function heightOf({ services, database }: NamespaceNode): number {
  const rows = services.length * (ROW.height + ROW.gap) - ROW.gap;
  return TITLE + Math.max(rows, database === undefined ? 0 : databaseHeight(database)) + PADDING;
}

const databaseHeight = ({ members }: DatabaseNode) => DATABASE.head + members.length * DATABASE.member + 8;

function place(namespace: NamespaceNode, side: Side, x: number, y: number): PlacedNamespace {
  const services = namespace.services.map((service, index): PlacedService => {
    const top = y + TITLE + index * (ROW.height + ROW.gap);
    return { service, side, x: x + PADDING, y: top, width: ROW.width, height: ROW.height };
  });
  const height = heightOf(namespace);
  const { database } = namespace;
  const beside = side === 'right' ? 2 * RAIL + DATABASE.width : 0;
  const box = { x, y, width: ROW.width + beside + 2 * PADDING, height };
  if (database === undefined) return { namespace, services, ...box };
  return { namespace, services, ...box, database: placeDatabase(database, services, box) };
}

function placeDatabase(database: DatabaseNode, services: readonly PlacedService[], box: Box): PlacedDatabase {
  const height = databaseHeight(database);
  const x = box.x + PADDING + ROW.width + 2 * RAIL;
  const y = box.y + TITLE;
  const users = services.filter(({ service }) => service.usesDatabase).map(middle);
  const arrival = y + DATABASE.head / 2;
  const rail = {
    x: box.x + PADDING + ROW.width + RAIL,
    top: Math.min(arrival, ...users),
    bottom: Math.max(arrival, ...users),
    y: arrival,
  };
  return { database, x, y, width: DATABASE.width, height, rail };
}

/** The height at which lines meet a box. */
export const middle = ({ y, height }: Box) => y + height / 2;
