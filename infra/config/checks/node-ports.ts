import { catalogue, POLICY_CODE, SERVICE_NAMES, type ServiceName } from '../../catalogue';
import { unknownName } from '../issues';
import type { Problem } from '../problems';
import type { Sections } from '../sections';
import type { Check } from './check';

interface Claim {
  service: ServiceName | typeof POLICY_CODE.name;
  nodePort: number;
  /** The key under nodePorts that asks for it; the catalogue's own ports have none. */
  key?: string;
}

const serviceOf = (name: ServiceName) => catalogue[name].definition.service;

/** The keys by which the configuration may name a port. */
const keysOf = ({ name, port }: { name?: string; port: number }) => [...(name === undefined ? [] : [name]), `${port}`];

function unusableKeys(service: ServiceName, nodePorts: Record<string, number>): Problem[] {
  const { ports, type } = serviceOf(service);
  return Object.keys(nodePorts).flatMap((key): Problem[] => {
    const path = ['services', 'overrides', service, 'nodePorts', key];
    const port = ports.find((candidate) => keysOf(candidate).includes(key));
    if (port === undefined) return [{ path, ...unknownName('port', key, ports.flatMap(keysOf)) }];
    if (type === 'ClusterIP') {
      return [{ path, rule: 'has no nodePort: the Service is reached inside the cluster only', fix: 'remove it' }];
    }
    if (port.name === undefined || key === port.name || !(port.name in nodePorts)) return [];
    return [{ path, rule: `is the port ${port.name}, which is given too`, fix: 'remove one of the two' }];
  });
}

function claims(service: ServiceName, overrides: Sections['services']['overrides']): Claim[] {
  const { ports, type } = serviceOf(service);
  const { enabled = true, nodePorts = {} } = overrides[service] ?? {};
  if (!enabled || type === 'ClusterIP') return [];
  return ports.flatMap((port): Claim[] => {
    const key = keysOf(port).find((candidate) => candidate in nodePorts);
    const nodePort = key === undefined ? port.nodePort : nodePorts[key];
    return nodePort === undefined ? [] : [{ service, nodePort, ...(key !== undefined && { key }) }];
  });
}

/** Reports the claim that the stack made, against the one that was there. */
function conflicts(all: readonly Claim[]): Problem[] {
  return all.flatMap((claim, index) => {
    if (claim.key === undefined) return [];
    const other = all.find(
      (rival, at) => at !== index && rival.nodePort === claim.nodePort && (rival.key === undefined || at < index),
    );
    if (other === undefined) return [];
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

/** A port that the stack asks for and no node opens. */
function needlessKeys(overrides: Sections['services']['overrides']): Problem[] {
  return SERVICE_NAMES.filter((service) => overrides[service]?.nodePorts !== undefined).map((service) => ({
    path: ['services', 'overrides', service, 'nodePorts'],
    rule: 'must be left out where network.exposure is given: services are reached without nodePorts',
    fix: 'remove one of the two',
    reads: [['network', 'exposure']],
  }));
}

/** Every nodePort belongs to one port of one service. */
export const nodePortChecks: Check = ({ sections: { services, network } }) => {
  if (services === undefined) return [];
  const { overrides } = services;
  if (network?.exposure !== undefined) return needlessKeys(overrides);
  return [
    ...SERVICE_NAMES.flatMap((service) => unusableKeys(service, overrides[service]?.nodePorts ?? {})),
    ...conflicts([
      { service: POLICY_CODE.name, nodePort: POLICY_CODE.nodePort },
      ...SERVICE_NAMES.flatMap((service) => claims(service, overrides)),
    ]),
  ];
};
