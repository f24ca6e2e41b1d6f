import { catalogue, SERVICE_NAMES } from '../../catalogue';
import type { Problem } from '../problems';
import { parseQuantity } from '../quantity';
import { resolveResources } from '../resolve/resources';
import type { Sections } from '../sections';
import { requestsAboveLimits } from './resources';
import type { Check } from './check';

/** A redis that may fill all of its limit is killed before it refuses anything. */
function redisBound({ redis, overrides }: Sections['services']): Problem[] {
  const { maxMemory, resources } = redis;
  const path = ['services', 'redis'];
  const own = requestsAboveLimits([...path, 'resources'], resources ?? {});
  if (maxMemory === undefined) return own;
  const limits = {
    'metrics-redis': resolveResources(overrides['metrics-redis']?.resources),
    'the redis beside tasks-db and vdag-processor': resolveResources(resources),
  };
  const small = Object.entries(limits).find(
    ([
      ,
      {
        limits: { memory = '' },
      },
    ]) => exceeds(maxMemory, memory),
  );
  if (small === undefined) return own;
  const [
    name,
    {
      limits: { memory = '' },
    },
  ] = small;
  return [
    ...own,
    {
      path: [...path, 'maxMemory'],
      value: maxMemory,
      rule: `must be below the memory limit of ${name}, ${memory}: it would be killed there`,
      fix: 'set three quarters of the limit at most, or raise the limit',
      reads: [
        ['services', 'overrides', 'metrics-redis'],
        [...path, 'resources'],
      ],
    },
  ];
}

const exceeds = (amount: string, limit: string) => (parseQuantity(amount) ?? 0) >= (parseQuantity(limit) ?? Infinity);

/** What must hold for the overrides of single services. */
export const serviceChecks: Check = ({ sections: { services } }) => {
  if (services === undefined) return [];
  return [...redisBound(services), ...overrideProblems(services)];
};

function overrideProblems(services: Sections['services']): Problem[] {
  return SERVICE_NAMES.flatMap((service): Problem[] => {
    const override = services.overrides[service];
    const path = ['services', 'overrides', service];
    if (override === undefined) return [];
    if (service === 'cluster-controller-gateway') {
      return [{ path, rule: 'has a section of its own', fix: 'move these settings to aios-network:gateway' }];
    }
    const problems = requestsAboveLimits([...path, 'resources'], override.resources ?? {});
    const { notReplicable } = catalogue[service].definition;
    if (notReplicable !== undefined && (override.replicas ?? 1) > 1) {
      problems.push({
        path: [...path, 'replicas'],
        value: override.replicas,
        rule: `must be 1: ${notReplicable}, so that each pod would see data of its own`,
        fix: 'remove it',
      });
    }
    if (override.databases !== undefined && catalogue[service].definition.databases === undefined) {
      problems.push({
        path: [...path, 'databases'],
        value: override.databases,
        rule: `must not be given: ${service} connects to no database`,
        fix: 'remove it',
      });
    }
    return problems;
  });
}
