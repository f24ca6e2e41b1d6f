import { catalogue, SERVICE_NAMES } from '../../catalogue';
import type { Problem } from '../problems';
import { requestsAboveLimits } from './resources';
import type { Check } from './check';

/** What must hold for the overrides of single services. */
export const serviceChecks: Check = ({ sections: { services } }) => {
  if (services === undefined) return [];
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
};
