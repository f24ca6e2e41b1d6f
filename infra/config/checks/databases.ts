import { DATABASE_SECTIONS } from '../../catalogue';
import type { DatabaseSection } from '../database';
import type { Problem } from '../problems';
import { parseQuantity } from '../quantity';
import { requestsAboveLimits } from './resources';
import type { Check } from './check';

type Database = (typeof DATABASE_SECTIONS)[number];

function evenReplicas(name: Database, { replicas, unsafe }: DatabaseSection): Problem[] {
  if (replicas % 2 === 1 || unsafe.evenReplicas) return [];
  const more = replicas < 50 ? `${replicas - 1} or ${replicas + 1}` : `${replicas - 1}`;
  return [
    {
      path: [name, 'replicas'],
      value: replicas,
      rule: `must be odd: of ${replicas} members no more may fail than of ${replicas - 1}`,
      fix: `set ${more}, or allow it with ${name}.unsafe.evenReplicas: true`,
      reads: [[name, 'unsafe']],
    },
  ];
}

/** Upstream places members where there is room: where two are on one node, that is where their data is. */
function mayShareNodes({ unsafe }: DatabaseSection, adopted: boolean): boolean {
  return adopted && unsafe.sharedHosts;
}

function duplicateNodes(name: Database, database: DatabaseSection, adopted: boolean): Problem[] {
  if (mayShareNodes(database, adopted)) return [];
  const { nodes } = database;
  return nodes.flatMap(({ name: node }, index) => {
    const first = nodes.findIndex((other) => other.name === node);
    if (first === index) return [];
    return [
      {
        path: [name, 'nodes', index],
        value: node,
        rule: `must be named once, and is ${name}.nodes[${first}] already`,
        fix: adopted ? `remove it; where two members do run on it, set ${name}.unsafe.sharedHosts: true` : 'remove it',
      },
    ];
  });
}

/** A directory is bound to a hostname: of two nodes with one of them, all members would run on the same. */
function duplicateHostnames(name: Database, { storage, nodes }: DatabaseSection): Problem[] {
  if (!('localPath' in storage)) return [];
  return nodes.flatMap((node, index) => {
    const first = nodes.findIndex(({ hostname }) => hostname === node.hostname);
    const other = nodes[first];
    if (other === undefined || other.name === node.name) return [];
    return [
      {
        path: [name, 'nodes', index, 'hostname'],
        value: node.hostname,
        rule: `must be of one node, and is of ${other.name} already`,
        fix: `kubectl get node ${node.name} --show-labels tells its kubernetes.io/hostname`,
      },
    ];
  });
}

function nodeForEveryMember(name: Database, database: DatabaseSection, adopted: boolean): Problem[] {
  const { storage, nodes, replicas } = database;
  const distinct = mayShareNodes(database, adopted) ? nodes.length : new Set(nodes.map((node) => node.name)).size;
  if (!('localPath' in storage) || distinct >= replicas) return [];
  return [
    {
      path: [name, 'nodes'],
      rule: `must name a node for each of the ${replicas} members, whose data lies in ${name}.storage.localPath; ${distinct} given`,
      fix: `name ${replicas} nodes, or use ${name}.storage.storageClass`,
      reads: [
        [name, 'replicas'],
        [name, 'storage'],
      ],
    },
  ];
}

function cacheWithinMemory(name: Database, { cacheGB, resources }: DatabaseSection): Problem[] {
  const limit = resources.limits.memory;
  if (cacheGB === undefined || cacheGB * 2 ** 30 < (parseQuantity(limit) ?? Infinity)) return [];
  return [
    {
      path: [name, 'cacheGB'],
      value: cacheGB,
      rule: `must be below the memory limit, ${limit}: mongod would be killed as the cache fills`,
      fix: `lower it, or raise ${name}.resources.limits.memory`,
      reads: [[name, 'resources', 'limits', 'memory']],
    },
  ];
}

/** Two databases in one directory, or in one within the other, would write into each other's data. */
const separatePaths: Check = ({ sections: { registry, metrics } }) => {
  if (registry === undefined || metrics === undefined) return [];
  const [first, second] = [registry, metrics].map(directoriesOf);
  const touch = first?.some((one) => second?.some((other) => isWithin(one, other) || isWithin(other, one)));
  if (touch !== true || !('localPath' in metrics.storage)) return [];
  return [
    {
      path: ['metrics', 'storage', 'localPath'],
      value: metrics.storage.localPath,
      rule: 'must differ from registry.storage.localPath: both databases would write into the same directories',
      fix: 'for example localPath: /mnt/data/metrics-db',
      reads: [['registry', 'storage']],
    },
  ];
};

/** The directories of all members, wherever their nodes are: nodes come and go. */
function directoriesOf({ storage, replicas }: DatabaseSection): string[] {
  if (!('localPath' in storage)) return [];
  return Array.from({ length: replicas }, (_, ordinal) => `${storage.localPath}-${ordinal}/`);
}

const isWithin = (directory: string, other: string) => directory.startsWith(other);

/** What must hold for each database, and between the two. */
export const databaseChecks: Check = (subject) => [
  ...DATABASE_SECTIONS.flatMap((name) => {
    const database = subject.sections[name];
    if (database === undefined) return [];
    const adopted = subject.sections.cluster?.adopt ?? false;
    return [
      ...evenReplicas(name, database),
      ...duplicateNodes(name, database, adopted),
      ...duplicateHostnames(name, database),
      ...nodeForEveryMember(name, database, adopted),
      ...requestsAboveLimits([name, 'resources'], database.resources),
      ...cacheWithinMemory(name, database),
    ];
  }),
  ...separatePaths(subject),
];
