import { type Json, listAt, numberAt, textAt } from '../../../kubernetes-api';
import type { StackObject } from '../../stack-objects/objects';
import { type Finding, findingsOf, someOf } from '../finding';
import type { Check } from '../check';

const { ok, problem, warning } = findingsOf('node ports');

/** Ports that an API server hands out which was told nothing else. */
const USUAL: PortRange = { first: 30000, last: 32767 };

/** Ports, both ends included. */
interface PortRange {
  first: number;
  last: number;
}

/** A Service that holds a port of every node. */
export interface PortHolder {
  port: number;
  service: string;
}

function holdersIn(services: readonly Json[]): PortHolder[] {
  return services.flatMap((service) =>
    [
      ...listAt(service, 'spec', 'ports').map((port) => numberAt(port, 'nodePort')),
      numberAt(service, 'spec', 'healthCheckNodePort'),
    ]
      .filter((port) => port > 0)
      .map((port) => ({
        port,
        service: `${textAt(service, 'metadata', 'namespace')}/${textAt(service, 'metadata', 'name')}`,
      })),
  );
}

/** Ports that another Service than the one they are meant for holds. */
export function judgeHolders(wanted: readonly PortHolder[], held: readonly PortHolder[]): Finding[] {
  const taken = wanted.flatMap(({ port, service }) => {
    const holder = held.find((other) => other.port === port && other.service !== service);
    return holder === undefined ? [] : [{ port, service, holder: holder.service }];
  });
  if (taken.length === 0) return [ok(`${wanted.length} free or held by the stack`)];
  return taken.map(({ port, service, holder }) =>
    problem(
      `${port} of ${service} is held by Service ${holder}`,
      `free it, or choose another one: services.overrides.${service.split('/')[1] ?? ''}.nodePorts`,
    ),
  );
}

/**
 * Ports that the API server would refuse.
 *
 * @param told the range as its own command line tells it; undefined: that cannot be seen
 * @param held ports that Services of the cluster hold
 */
export function judgeRange(wanted: readonly number[], told: PortRange | undefined, held: readonly number[]): Finding[] {
  const { first, last } = told ?? USUAL;
  const isOutside = (port: number) => port < first || port > last;
  const refused = wanted.filter(isOutside);
  if (told !== undefined && refused.length > 0) {
    return [
      problem(
        `${someOf(refused.map(String))} outside of the API server's range ${first}-${last}`,
        'have --service-node-port-range widened, or choose others: services.overrides.NAME.nodePorts',
      ),
    ];
  }
  const [strange] = told === undefined ? held.filter(isOutside) : [];
  if (strange === undefined) return [];
  return [
    warning(
      `a Service holds ${strange}: the API server's range is not the usual ${first}-${last}`,
      `find out --service-node-port-range; the stack's are ${Math.min(...wanted)} to ${Math.max(...wanted)}`,
    ),
  ];
}

/** The range in the command line of an API server that runs as a pod, as kubeadm has it. */
export function rangeIn(pods: readonly Json[]): PortRange | undefined {
  const servers = pods.filter((pod) => textAt(pod, 'metadata', 'labels', 'component') === 'kube-apiserver');
  const containers = servers.flatMap((pod) => listAt(pod, 'spec', 'containers'));
  if (containers.length === 0) return undefined;
  const words = containers.flatMap((one) => [...listAt(one, 'command'), ...listAt(one, 'args')]);
  const [, first, last] =
    words
      .filter((word) => typeof word === 'string')
      .map((word) => /^--service-node-port-range=(\d+)-(\d+)$/.exec(word))
      .find((found) => found !== null) ?? [];
  return first === undefined ? USUAL : { first: Number(first), last: Number(last) };
}

const wantedIn = (objects: readonly StackObject[]) =>
  holdersIn(objects.filter(({ kind }) => kind === 'Service').map(({ content }) => content));

/**
 * Whether the stack's ports of nodes are free, and inside of the range that the API server hands out. That it tells nobody, and a
 * dry run takes any: it is read off its pod, where it has one, or off what others hold.
 */
export const nodePortsCheck: Check = async ({ objects }, cluster) => {
  const wanted = wantedIn(objects);
  const held = holdersIn(await cluster.services());
  const pods = await cluster.list('/api/v1/namespaces/kube-system/pods').catch(() => []);
  const ports = (holders: readonly PortHolder[]) => holders.map(({ port }) => port);
  return [...judgeHolders(wanted, held), ...judgeRange(ports(wanted), rangeIn(pods), ports(held))];
};
