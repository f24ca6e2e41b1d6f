import { SERVICE_NAMES } from '../../catalogue';
import type { Path } from '../problems';
import type { Sections } from '../sections';
import type { ServiceOverride } from '../services';

/** What the stack says about single services that it has, and where. The gateway has a section of its own. */
export function overridesInUse({ overrides }: Sections['services']): [Path, ServiceOverride][] {
  return SERVICE_NAMES.flatMap((name): [Path, ServiceOverride][] => {
    const override = overrides[name];
    if (override === undefined || override.enabled === false || name === 'cluster-controller-gateway') return [];
    return [[['services', 'overrides', name], override]];
  });
}
