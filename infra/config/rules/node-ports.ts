import { unknownName } from '../issues';
import type { Problem } from '../problems';
import type { Sections } from '../sections';
import { SERVICE_NAMES, type ServiceName, serviceFacts } from '../service-names';
import type { Rule } from './rule';

interface Claim {
  service: ServiceName;
  nodePort: number;
  /** The key under nodePorts that asks for it; upstream's own ports have none. */
  key?: string;
}

const portNames = (service: ServiceName) =>
  serviceFacts(service).ports.flatMap(({ name, port }) => (name === undefined ? [String(port)] : [name, String(port)]));

function unusableKeys(service: ServiceName, nodePorts: Record<string, number>): Problem[] {
  const known = portNames(service);
  return Object.keys(nodePorts).flatMap((key): Problem[] => {
    const path = ['services', 'overrides', service, 'nodePorts', key];
    const port = serviceFacts(service).ports.find(({ name, port: number }) => key === name || key === String(number));
    if (port === undefined) return [{ path, ...unknownName('port', key, known) }];
    if (port.internal === true) {
      return [{ path, rule: 'has no nodePort: the Service is reached inside the cluster only', fix: 'remove it' }];
    }
    if (port.name === undefined || key === port.name || !(port.name in nodePorts)) return [];
    return [{ path, rule: `is the port ${port.name}, which is given too`, fix: 'remove one of the two' }];
  });
}

function claims(service: ServiceName, overrides: Sections['services']['overrides']): Claim[] {
  const override = overrides[service];
  if (override?.enabled === false) return [];
  return serviceFacts(service).ports.flatMap(({ name, port, nodePort, internal = false }): Claim[] => {
    if (internal) return [];
    const key = [name, String(port)].find(
      (candidate) => candidate !== undefined && candidate in (override?.nodePorts ?? {}),
    );
    const wanted = key === undefined ? nodePort : override?.nodePorts?.[key];
    if (wanted === undefined) return [];
    return [{ service, nodePort: wanted, ...(key !== undefined && { key }) }];
  });
}

/** Reports the claim that the stack made, against the one that was there. */
function conflicts(all: readonly Claim[]): Problem[] {
  return all.flatMap((claim, index) => {
    const other = all.find((rival, at) => rival.nodePort === claim.nodePort && at !== index);
    if (claim.key === undefined || other === undefined) return [];
    if (other.key !== undefined && all.indexOf(other) > index) return [];
    return [
      {
        path: ['services', 'overrides', claim.service, 'nodePorts', claim.key],
        value: claim.nodePort,
        rule: `is taken by ${other.service}`,
        fix: 'choose a free port between 30000 and 32767',
        reads: other.key === undefined ? [] : [['services', 'overrides', other.service, 'nodePorts', other.key]],
      },
    ];
  });
}

/** Every nodePort belongs to one port of one service. */
export const nodePortRules: Rule = ({ sections: { services } }) => {
  if (services === undefined) return [];
  const { overrides } = services;
  return [
    ...SERVICE_NAMES.flatMap((service) => unusableKeys(service, overrides[service]?.nodePorts ?? {})),
    ...conflicts(SERVICE_NAMES.flatMap((service) => claims(service, overrides))),
  ];
};
