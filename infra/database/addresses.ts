import { Service } from '@pulumi/kubernetes/core/v1';
import type { types } from '@pulumi/kubernetes';
import { DEFAULT_DOMAIN } from '../catalogue';
import { objectMeta, selectorLabels } from '../workload/metadata';
import { type Database, type NamedDatabase, ordinals, podName, PORT } from './identity';

/** Domain of the members' addresses, with the port: what follows `<name>-<N>.`. */
export function memberDomain({ namespace, config }: NamedDatabase): string {
  return `${namespace}.svc.${config.domain ?? DEFAULT_DOMAIN}:${PORT}`;
}

/** `host:port` of every member, under the names that upstream gives them. */
export function memberHosts(database: NamedDatabase): string[] {
  return ordinals(database).map((ordinal) => `${podName(database, ordinal)}.${memberDomain(database)}`);
}

/** Name of the Service that governs the StatefulSet. Upstream's host names take `<name>-<N>`. */
export function governingServiceName({ name }: Database): string {
  return `${name}-members`;
}

/**
 * The Services behind the members' addresses: upstream's host names have no governing Service in them, so each member
 * has a headless one of its own. One more governs the StatefulSet, which Kubernetes asks for.
 */
export function memberServices(database: Database): Service[] {
  if (database.config.adopted === true) return ordinals(database).map((ordinal) => adoptedService(database, ordinal));
  const members = ordinals(database).map((ordinal) => {
    const pod = podName(database, ordinal);
    return headlessService(database, pod, { 'statefulset.kubernetes.io/pod-name': pod });
  });
  return [headlessService(database, governingServiceName(database), selectorLabels(database.name)), ...members];
}

/** Upstream's Service of a member: it keeps its address in the cluster, and selects the pod of the member's Deployment. */
function adoptedService(database: Database, ordinal: number): Service {
  const name = podName(database, ordinal);
  return memberService(database, name, { selector: selectorLabels(name) });
}

function headlessService(database: Database, name: string, selector: Record<string, string>): Service {
  return memberService(database, name, { clusterIP: 'None', selector });
}

function memberService(database: Database, name: string, spec: types.input.core.v1.ServiceSpec): Service {
  return new Service(
    name,
    {
      metadata: objectMeta(name, {
        namespace: database.namespace,
        labels: selectorLabels(database.name),
        // Endpoints come with the pods, and those come after the Services.
        annotations: { 'pulumi.com/skipAwait': 'true' },
      }),
      spec: {
        ...spec,
        // Members must find each other, and themselves, before they are ready.
        publishNotReadyAddresses: true,
        ports: [{ name: 'mongodb', port: PORT, targetPort: PORT, protocol: 'TCP' }],
      },
    },
    { parent: database.parent },
  );
}
