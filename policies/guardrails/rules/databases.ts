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

const DEPLOYMENT = 'kubernetes:apps/v1:Deployment';

/** Names of the databases' StatefulSets. */
const DATABASES = ['registry', 'metrics-db'];

/**
 * A pack does not see what was there before; what it does see is whether Pulumi itself refuses. Claims and volumes leave with
 * their members, and a pack cannot see that they are retained: the stack does so where it protects the StatefulSet.
 */
export const databasesKept: StackGuardrail<unknown> = {
  remedy:
    'set protect: true in the section of the database, and take it away by itself, on purpose, where one has to go',
  check: (resources) => {
    const sets = resources.filter((resource) => databaseOf(resource) !== undefined);
    const there = new Set(sets.map(databaseOf));
    const missing = DATABASES.filter((name) => !there.has(name));
    const exposed = sets.filter(({ protect }) => !protect);
    return [
      ...missing.map((name): Breach => ({
        what: `the database ${name} is not in the stack: where there was one, it is deleted`,
      })),
      ...exposed.map((resource) => ({
        resource,
        what: 'is not protected: a change can replace or delete it with its data',
      })),
    ];
  },
};

/** The database that a resource runs, or a member of: one that upstream installed has a Deployment for each. */
function databaseOf(resource: Resource): string | undefined {
  const name = nameIn(resource);
  if (resource.type === STATEFUL_SET) return DATABASES.find((database) => database === name);
  if (resource.type !== DEPLOYMENT) return undefined;
  return DATABASES.find((database) => new RegExp(`^${database}-\\d+$`).test(name));
}

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
