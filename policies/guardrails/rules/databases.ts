import {
  at,
  type Breach,
  containersOf,
  type Resource,
  type ResourceGuardrail,
  type StackGuardrail,
  textAt,
} from '../resource';

const STATEFUL_SET = 'kubernetes:apps/v1:StatefulSet';

/** Names of the databases' StatefulSets. */
const DATABASES = ['registry', 'metrics-db'];

/** What holds a database's data, or is the way to it. */
const KEPT = new RegExp(`^(data-)?(${DATABASES.join('|')})(-data)?(-\\d+)?$`);
const KEPT_TYPES = [STATEFUL_SET, 'kubernetes:core/v1:PersistentVolumeClaim', 'kubernetes:core/v1:PersistentVolume'];

/** A pack does not see what was there before; what it does see is whether Pulumi itself refuses. */
export const databasesKept: StackGuardrail<unknown> = {
  remedy:
    'set protect: true in the section of the database, and take it away by itself, on purpose, where one has to go',
  check: (resources) => {
    const there = new Set(resources.filter(({ type }) => type === STATEFUL_SET).map(nameIn));
    const missing = DATABASES.filter((name) => !there.has(name));
    const exposed = resources.filter(({ type, protect }) => !protect && KEPT_TYPES.includes(type));
    return [
      ...missing.map((name): Breach => ({
        what: `the database ${name} is not in the stack: where there was one, it is deleted`,
      })),
      ...exposed
        .filter((resource) => KEPT.test(nameIn(resource)))
        .map((resource) => ({ resource, what: 'is not protected: a change can replace or delete it with its data' })),
    ];
  },
};

const nameIn = ({ props, name }: Resource): string => textAt(props, 'metadata.name') ?? name;

export const oddMembers: ResourceGuardrail = {
  remedy: 'set replicas of the database to an odd number',
  check: (resource) => {
    const isReplicaSet = containersOf(resource).some((container) => {
      const args = at(container, 'args');
      return Array.isArray(args) && args.includes('--replSet');
    });
    const replicas = at(resource.props, 'spec.replicas');
    if (resource.type !== STATEFUL_SET || !isReplicaSet || typeof replicas !== 'number') return [];
    return replicas > 0 && replicas % 2 === 0
      ? [`it has ${replicas} members, of which no more may fail than of ${replicas - 1}`]
      : [];
  },
};
