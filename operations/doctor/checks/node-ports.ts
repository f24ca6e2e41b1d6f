import { type Json, listAt, numberAt, textAt } from '../../../kubernetes-api';
import type { StackObject } from '../../stack-objects/objects';
import { type Finding, findingsOf } from '../finding';
import type { Check } from '../check';

const { ok, problem } = findingsOf('node ports');

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

const wantedIn = (objects: readonly StackObject[]) =>
  holdersIn(objects.filter(({ kind }) => kind === 'Service').map(({ content }) => content));

/**
 * Whether the stack's ports of nodes are free. Which ports an API server hands out it tells nobody: a dry run takes any.
 */
export const nodePortsCheck: Check = async ({ objects }, cluster) =>
  judgeHolders(wantedIn(objects), holdersIn(await cluster.services()));
