import { randomBytes } from 'node:crypto';
import { backupNames } from '../../infra/database/backup/names';
import { backupPod } from '../../infra/database/backup/pods';
import { backupScripts } from '../../infra/database/backup/scripts';
import type { BackupTask } from '../../infra/database/backup/task';
import { commonLabels } from '../../infra/workload/metadata';
import { type Json, type JsonMap, listAt, mapAt, numberAt, textAt } from '../../kubernetes-api';
import { UserError } from '../command-line';
import type { Cluster } from './api';
import { paths, type Place, uidOf } from './place';

/** What a Job has told: lines for people go to `say`, the others are kept. */
export interface Told {
  readonly succeeded: boolean;
  /** JSON by its word: `backup`, `counts`. */
  readonly told: readonly { readonly word: string; readonly json: string }[];
  /** The lines for people. */
  readonly said: readonly string[];
}

export type Say = (line: string) => void;

/** Label that tells what a Job of ours does; those of the CronJob have none. */
const TASK_LABEL = 'aios-network/backup-task';

/** Longest that a Job may take, in seconds: a look reads little, but may wait for a node that the volume can be mounted on. */
const DEADLINES = { backup: 43_200, restore: 43_200, rehearse: 43_200, look: 900 } as const;

/** For how long a Job that failed stays, for its log, in seconds. */
const KEPT_SECONDS = 3600;

/**
 * Runs a task in the cluster to its end, as a Job with a ConfigMap of this checkout's scripts, which goes with it.
 * @param say is given each line for people as it comes, and what is waited for
 */
export async function runTask(cluster: Cluster, place: Place, task: BackupTask, say: Say): Promise<Told> {
  const { namespace } = place;
  const { job } = backupNames(place.source.database);
  const name = `${job}-${task.kind}-${randomBytes(3).toString('hex')}`;
  const labels = { ...commonLabels(job), 'app.kubernetes.io/managed-by': 'make', [TASK_LABEL]: task.kind };
  const created = await cluster.create(paths.jobs(namespace), {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: { name, namespace, labels },
    spec: {
      backoffLimit: 0,
      activeDeadlineSeconds: DEADLINES[task.kind],
      ttlSecondsAfterFinished: KEPT_SECONDS,
      template: backupPod(place.source, task, name),
    } as unknown as JsonMap,
  });
  // Its pod waits for it.
  const ownerReferences = [{ apiVersion: 'batch/v1', kind: 'Job', name, uid: uidOf(created), controller: true }];
  const metadata = { name, namespace, labels, ownerReferences };
  const scripts = { apiVersion: 'v1', kind: 'ConfigMap', metadata, data: backupScripts() };
  await cluster.create(paths.configMaps(namespace), scripts);
  const ended = await follow(cluster, namespace, name, say);
  if (ended.succeeded) await cluster.delete(`${paths.jobs(namespace)}/${name}`);
  return ended;
}

/**
 * Refuses to work against another Job that is at work.
 * @param kinds of tasks that do not go together with what is to be done
 * @throws UserError that names the Job
 */
export async function refuseBeside(
  cluster: Cluster,
  place: Place,
  kinds: readonly BackupTask['kind'][],
): Promise<void> {
  const { namespace, source } = place;
  const jobs = await cluster.list(paths.jobs(namespace), { app: backupNames(source.database).job });
  const kindOf = (job: Json) => textAt(job, 'metadata', 'labels', TASK_LABEL) || 'backup';
  const running = jobs.find(
    (job) => numberAt(job, 'status', 'active') > 0 && (kinds as readonly string[]).includes(kindOf(job)),
  );
  if (running === undefined) return;
  throw new UserError(
    `Job ${namespace}/${nameIn(running)} is at work (${kindOf(running)}): try again when it is done, or delete it first`,
  );
}

/** Follows a Job's log until the Job has ended. A connection that breaks is made anew. */
export async function follow(cluster: Cluster, namespace: string, name: string, say: Say): Promise<Told> {
  const reader: Reader = { say, lines: [], read: new Map() };
  let waitedFor = '';
  for (;;) {
    const job = await cluster.find(`${paths.jobs(namespace)}/${name}`);
    if (job === undefined) throw new UserError(`Job ${namespace}/${name} was deleted while it ran`);
    const outcome = outcomeOf(job);
    const pod = (await cluster.list(paths.pods(namespace), { 'job-name': name })).toSorted(byAge).at(-1);
    for (const container of startedIn(pod))
      await readLog(cluster, `${paths.pods(namespace)}/${nameIn(pod ?? null)}`, container, reader);
    if (outcome !== undefined) return ended(outcome, job, reader);
    const reason = waitingFor(pod);
    if (reason !== undefined && reason !== waitedFor) say(`Waiting: ${reason}`);
    waitedFor = reason ?? waitedFor;
    await cluster.wait();
  }
}

interface Reader {
  readonly say: Say;
  readonly lines: string[];
  /** How many lines of each container are known. */
  readonly read: Map<string, number>;
}

async function readLog(cluster: Cluster, pod: string, container: string, { lines, say, read }: Reader): Promise<void> {
  const key = `${pod}/${container}`;
  const known = read.get(key) ?? 0;
  let line = 0;
  for await (const text of cluster.log(pod, container)) {
    line += 1;
    if (line <= known) continue;
    read.set(key, line);
    lines.push(text);
    if (!text.startsWith('::')) say(text);
  }
}

/** A second attempt of a Job is a pod of its own. */
const byAge = (a: Json, b: Json) =>
  textAt(a, 'metadata', 'creationTimestamp').localeCompare(textAt(b, 'metadata', 'creationTimestamp'));

function ended(outcome: 'Complete' | 'Failed', job: JsonMap, { lines, say }: Reader): Told {
  const told = lines.flatMap((line) => {
    const { word, json } = /^::(?<word>\w+) (?<json>.*)$/.exec(line)?.groups ?? {};
    return word === undefined || json === undefined ? [] : [{ word, json }];
  });
  const said = lines.filter((line) => !line.startsWith('::'));
  if (outcome === 'Failed' && !said.some((line) => line.startsWith('error:'))) say(`error: ${conditionText(job)}`);
  return { succeeded: outcome === 'Complete', told, said };
}

const nameIn = (object: Json) => textAt(object, 'metadata', 'name');

function outcomeOf(job: JsonMap): 'Complete' | 'Failed' | undefined {
  const types = listAt(job, 'status', 'conditions').filter((one) => textAt(one, 'status') === 'True');
  const has = (type: string) => types.some((one) => textAt(one, 'type') === type);
  if (has('Complete')) return 'Complete';
  return has('Failed') ? 'Failed' : undefined;
}

function conditionText(job: JsonMap): string {
  const failed = listAt(job, 'status', 'conditions').find((one) => textAt(one, 'type') === 'Failed');
  return textAt(failed, 'message') || 'the Job failed without a word';
}

const containersIn = (pod: Json | undefined) => [
  ...listAt(pod, 'status', 'initContainerStatuses'),
  ...listAt(pod, 'status', 'containerStatuses'),
];

/** Names of the containers that run or have run, in the order in which they do. */
function startedIn(pod: Json | undefined): string[] {
  const hasStarted = ({ running, terminated }: JsonMap) => running !== undefined || terminated !== undefined;
  return containersIn(pod)
    .filter((container) => hasStarted(mapAt(container, 'state')))
    .map((container) => textAt(container, 'name'));
}

/** Why the pod does not run yet; undefined where it does. */
function waitingFor(pod: Json | undefined): string | undefined {
  if (pod === undefined) return 'for a pod';
  if (startedIn(pod).length > 0) return undefined;
  const unscheduled = listAt(pod, 'status', 'conditions').find(
    (one) => textAt(one, 'type') === 'PodScheduled' && textAt(one, 'status') === 'False',
  );
  if (unscheduled !== undefined) return `no node for pod ${nameIn(pod)}: ${textAt(unscheduled, 'message')}`;
  const [container] = containersIn(pod);
  const reason = textAt(container, 'state', 'waiting', 'reason');
  const message = textAt(container, 'state', 'waiting', 'message');
  return [`pod ${nameIn(pod)}`, reason || 'is being started', message].filter(Boolean).join(': ');
}
