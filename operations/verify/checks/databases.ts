import { DATABASE_SECTIONS, DATABASES, type DatabaseKey } from '../../../infra/catalogue';
import { markNameOf, PRIMARY_ANNOTATION } from '../../../infra/database/signals';
import { type Json, at, listAt, numberAt, textAt } from '../../../kubernetes-api';
import type { Cluster } from '../../cluster/cluster';
import type { StackObject } from '../../stack-objects/objects';
import { objectsOf } from '../../stack-objects/subject';
import { type Check, unlessForbidden } from '../check';
import type { Finding } from '../finding';

/** What is known of a database's members: a member is ready while it is PRIMARY or SECONDARY. */
export interface Members {
  /** Names of the pods that are to be members. */
  wanted: readonly string[];
  pods: readonly Json[];
  /** Events of the namespace; where they cannot be read, none. */
  events: readonly Json[];
  /** The member that has last noted that it is the primary; empty where none has, or it cannot be read. */
  primary: string;
}

/** Whether all members serve, and at least enough of them that there is a primary. */
export function judgeMembers(section: DatabaseKey, { wanted, pods, events, primary }: Members): Finding {
  const subject = `members of ${section}`;
  if (wanted.length === 0) return { subject, state: 'good', text: 'stopped, as wanted' };
  const podOf = (name: string) => pods.filter((pod) => isPodOf(pod, name));
  const away = wanted.filter((name) => !podOf(name).some(isReady));
  const serving = wanted.length - away.length;
  const all = `${serving} of ${wanted.length} serve`;
  const led = wanted.includes(primary) && !away.includes(primary) ? `, ${primary} is the primary` : '';
  if (away.length === 0) return { subject, state: 'good', text: `${all}${led}` };
  const majority = Math.floor(wanted.length / 2) + 1;
  const outage =
    serving < majority ? `: no majority, so no primary, and nothing can be written (docs/operations.md)` : '';
  const reasons = away.map((name) => {
    const [pod] = podOf(name);
    const reason = pod && (lastWarning(textAt(pod, 'metadata', 'name'), events) || 'not ready');
    return `${name}: ${reason ?? 'there is no such pod'}`;
  });
  return { subject, state: 'bad', text: [`${all}${outage || led}`, ...reasons].join('; ') };
}

/** Of an adopted database each member is the pod of a Deployment, which bears its name as upstream's label. */
const isPodOf = (pod: Json, member: string) =>
  textAt(pod, 'metadata', 'name') === member || textAt(pod, 'metadata', 'labels', 'app') === member;

const isReady = (pod: Json) =>
  at(pod, 'metadata', 'deletionTimestamp') === undefined &&
  listAt(pod, 'status', 'conditions').some(
    (one) => textAt(one, 'type') === 'Ready' && textAt(one, 'status') === 'True',
  );

/** What the container `members`, or a probe, has said last of a pod. */
function lastWarning(pod: string, events: readonly Json[]): string {
  const own = events.filter(
    (event) => textAt(event, 'involvedObject', 'name') === pod && textAt(event, 'type') === 'Warning',
  );
  const time = (event: Json) =>
    textAt(event, 'lastTimestamp') || textAt(event, 'eventTime') || textAt(event, 'metadata', 'creationTimestamp');
  const [newest] = own.sort((one, other) => time(other).localeCompare(time(one)));
  return newest === undefined ? '' : textAt(newest, 'message');
}

async function membersOf(section: DatabaseKey, wanted: readonly string[], cluster: Cluster): Promise<Finding[]> {
  const { name, namespace } = DATABASES[section];
  const core = `/api/v1/namespaces/${namespace}`;
  const pods = await cluster.list(`${core}/pods`);
  const events = await cluster.list(`${core}/events`).catch(() => []);
  const note = await cluster.get(`${core}/configmaps/${markNameOf(name)}`).catch(() => undefined);
  const primary = textAt(note, 'metadata', 'annotations', PRIMARY_ANNOTATION);
  return [judgeMembers(section, { wanted, pods, events, primary })];
}

/** The names of a database's members: of a StatefulSet's pods, or of their own Deployments. */
function memberNames(objects: readonly StackObject[], name: string): string[] {
  const isMember = new RegExp(`^${name}-\\d+$`);
  const set = objectsOf(objects, 'StatefulSet').find((object) => object.name === name);
  const length = numberAt(set?.content, 'spec', 'replicas');
  const own = objectsOf(objects, 'Deployment').filter(
    (object) => isMember.test(object.name) && numberAt(object.content, 'spec', 'replicas') > 0,
  );
  return [...Array.from({ length }, (_, ordinal) => `${name}-${ordinal}`), ...own.map((object) => object.name)];
}

/** Whether the members of both databases serve, and who the primary is. */
export const databasesCheck: Check = async ({ objects }, cluster) => {
  const found = DATABASE_SECTIONS.map((section) => {
    const wanted = memberNames(objects, DATABASES[section].name);
    return unlessForbidden(`members of ${section}`, () => membersOf(section, wanted, cluster));
  });
  return (await Promise.all(found)).flat();
};
