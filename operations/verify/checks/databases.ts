import { DATABASE_SECTIONS, DATABASES, type DatabaseKey } from '../../../infra/catalogue';
import { type Json, at, listAt, numberAt, textAt } from '../../../kubernetes-api';
import type { Cluster } from '../../cluster/cluster';
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
}

/** Whether all members serve, and at least enough of them that there is a primary. */
export function judgeMembers(section: DatabaseKey, { wanted, pods, events }: Members): Finding {
  const subject = `members of ${section}`;
  if (wanted.length === 0) return { subject, state: 'good', text: 'stopped, as wanted' };
  const away = wanted.filter((name) => !pods.some((pod) => textAt(pod, 'metadata', 'name') === name && isReady(pod)));
  const serving = wanted.length - away.length;
  const all = `${serving} of ${wanted.length} serve`;
  if (away.length === 0) return { subject, state: 'good', text: all };
  const majority = Math.floor(wanted.length / 2) + 1;
  const outage =
    serving < majority ? `: no majority, so no primary, and nothing can be written (docs/operations.md)` : '';
  const reasons = away.map((name) => {
    const exists = pods.some((pod) => textAt(pod, 'metadata', 'name') === name);
    return `${name}: ${exists ? lastWarning(name, events) || 'not ready' : 'there is no such pod'}`;
  });
  return { subject, state: 'bad', text: [`${all}${outage}`, ...reasons].join('; ') };
}

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

async function membersOf(section: DatabaseKey, replicas: number, cluster: Cluster): Promise<Finding[]> {
  const { name, namespace } = DATABASES[section];
  const wanted = Array.from({ length: replicas }, (_, ordinal) => `${name}-${ordinal}`);
  const pods = await cluster.list(`/api/v1/namespaces/${namespace}/pods`);
  const events = await cluster.list(`/api/v1/namespaces/${namespace}/events`).catch(() => []);
  return [judgeMembers(section, { wanted, pods, events })];
}

/** Whether the members of both databases serve. */
export const databasesCheck: Check = async ({ objects }, cluster) => {
  const sets = objectsOf(objects, 'StatefulSet');
  const found = DATABASE_SECTIONS.map((section) => {
    const set = sets.find(({ name }) => name === DATABASES[section].name);
    const replicas = numberAt(set?.content, 'spec', 'replicas');
    return unlessForbidden(`members of ${section}`, () => membersOf(section, replicas, cluster));
  });
  return (await Promise.all(found)).flat();
};
