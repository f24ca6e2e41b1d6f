import { type Json, at, isJsonMap, listAt, mapAt, numberAt, textAt } from '../../../kubernetes-api';
import type { Cluster } from '../../cluster/cluster';
import { selects } from '../../cluster/selects';
import type { StackObject } from '../../stack-objects/objects';
import { type Subject, objectsOf, workloadsOf } from '../../stack-objects/subject';
import { type Check, byNamespace } from '../check';
import { type Finding, judged } from '../finding';

/** Label of an EndpointSlice that names its Service. */
const SERVICE_LABEL = 'kubernetes.io/service-name';

/**
 * Whether a Service is there with its ports, and pods behind it answer.
 *
 * @param live undefined: it is not there
 * @param slices its EndpointSlices
 * @param isStopped whether the stack wants no pod behind it
 */
export function judgeService(
  wanted: StackObject,
  live: Json | undefined,
  slices: readonly Json[],
  isStopped: boolean,
): Finding {
  const subject = `${wanted.namespace ?? ''}/${wanted.name}`;
  if (live === undefined) return { subject, state: 'bad', text: 'Service is not there' };
  const endpoints = slices.flatMap((slice) => listAt(slice, 'endpoints'));
  const ready = endpoints.filter((endpoint) => at(endpoint, 'conditions', 'ready') !== false).length;
  const faults = [
    ...wrongPorts(wanted.content, live),
    ...wrongSelector(wanted.content, live),
    ...(ready === 0 && !isStopped ? ['no pod behind it answers'] : []),
  ];
  return judged(
    subject,
    faults,
    isStopped ? 'stopped, as wanted' : ready === 1 ? '1 pod answers' : `${ready} pods answer`,
  );
}

function wrongPorts(wanted: Json, live: Json): string[] {
  const actual = listAt(live, 'spec', 'ports');
  return listAt(wanted, 'spec', 'ports').flatMap((port) => {
    const [number, nodePort] = [numberAt(port, 'port'), numberAt(port, 'nodePort')];
    const found = actual.find((one) => numberAt(one, 'port') === number);
    if (found === undefined) return [`port ${number} is not there`];
    const has = numberAt(found, 'nodePort');
    return nodePort === 0 || nodePort === has ? [] : [`port ${number} is at node port ${has} in place of ${nodePort}`];
  });
}

function wrongSelector(wanted: Json, live: Json): string[] {
  const actual = mapAt(live, 'spec', 'selector');
  const selector = Object.entries(mapAt(wanted, 'spec', 'selector'));
  const isSame =
    selector.every(([key, value]) => actual[key] === value) && selector.length === Object.keys(actual).length;
  return isSame ? [] : ['selects other pods'];
}

/** Whether all workloads behind a Service are to have no pods. A member's own Service selects by the pod's name. */
function isStopped(service: StackObject, subject: Pick<Subject, 'objects'>): boolean {
  const selector = mapAt(service.content, 'spec', 'selector');
  const behind = workloadsOf(subject).filter(({ namespace, name, content }) => {
    const pod = { metadata: { labels: mapAt(content, 'spec', 'template', 'metadata', 'labels') } };
    const member = textAt(selector, 'statefulset.kubernetes.io/pod-name').replace(/-\d+$/, '');
    return namespace === service.namespace && (member === name || selects(selector, pod));
  });
  return behind.length > 0 && behind.every(({ content }) => numberAt(content, 'spec', 'replicas') === 0);
}

async function inNamespace(
  namespace: string,
  wanted: readonly StackObject[],
  subject: Subject,
  cluster: Cluster,
): Promise<Finding[]> {
  const slices = await cluster.list(`/apis/discovery.k8s.io/v1/namespaces/${namespace}/endpointslices`);
  const found = wanted.map(async (service) => {
    const live = await cluster.named(`/api/v1/namespaces/${namespace}/services`, service.name);
    const own = slices.filter((slice) => textAt(slice, 'metadata', 'labels', SERVICE_LABEL) === service.name);
    return judgeService(service, live, own, isStopped(service, subject));
  });
  return Promise.all(found);
}

/** Whether every Service has somebody behind it who is ready. */
export const servicesCheck: Check = (subject, cluster) => {
  const services = objectsOf(subject.objects, 'Service');
  const selecting = services.filter(({ content }) => isJsonMap(at(content, 'spec', 'selector')));
  return byNamespace(selecting, (namespace, wanted) => inNamespace(namespace, wanted, subject, cluster));
};
