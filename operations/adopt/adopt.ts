import { DATABASE_SECTIONS } from '../../infra/catalogue';
import type { NetworkConfig } from '../../infra/config';
import type { Json, JsonMap } from '../../kubernetes-api';
import { UserError } from '../command-line';
import { type StackObject, describeObject } from '../stack-objects/objects';
import { type HandOver, handOver } from './hand-over';
import { type Installed, readInstallation } from './installed';
import { memberProblems, readLeftovers, readMembers } from './members';
import { report } from './report';

/** The cluster of a stack, as far as its network is taken over. */
export interface Cluster {
  find(path: string): Promise<JsonMap | undefined>;
  list(path: string): Promise<Json[]>;
  patch(path: string, body: Json[]): Promise<void>;
}

/** How often an object is looked at again that somebody changes at the same time. */
const ATTEMPTS = 5;

/**
 * Hands over to a stack what upstream's installer made: says what there is, and what the stack says otherwise, asks, and then
 * changes who has set the fields. No object changes, and nothing restarts.
 *
 * @param confirm whether to go on, once all has been told
 * @returns the exit code: 1 where something has to be mended first, or nobody wanted it
 * @throws UserError if the stack takes nothing over, or an object cannot be handed over
 */
export async function adopt(
  cluster: Cluster,
  { stack, adopted, ...config }: NetworkConfig,
  objects: readonly StackObject[],
  confirm: () => Promise<boolean>,
  say: (line: string) => void,
): Promise<number> {
  if (!adopted) {
    throw new UserError(
      `stack ${stack} takes no network over: set aios-network:cluster.adopt: true in its file (docs/adopt.md)`,
    );
  }
  const installation = await readInstallation(cluster, objects);
  const databases = await Promise.all(
    DATABASE_SECTIONS.map(async (section) => {
      const members = await readMembers(cluster, section);
      const leftovers = await readLeftovers(cluster, section);
      return { section, members, leftovers, problems: memberProblems(section, config[section], members) };
    }),
  );
  const foreign = installation.installed.flatMap(({ object, handOver }) =>
    handOver.state === 'foreign'
      ? [`${describeObject(object)} is looked after by ${handOver.owner}: remove it there`]
      : [],
  );
  const problems = [...databases.flatMap((database) => database.problems), ...foreign];
  for (const line of report(installation, databases, problems)) say(line);
  if (problems.length > 0) return 1;
  const open = installation.installed.filter((one) => one.handOver.state === 'open');
  if (open.length === 0) {
    say('Nothing is left to hand over.');
    return 0;
  }
  if (!(await confirm())) {
    say('Nothing was changed.');
    return 1;
  }
  for (const one of open) await handOverOne(cluster, one);
  say(`${open.length} objects are handed over. make preview STACK=${stack} shows what the stack changes of them.`);
  return 0;
}

async function handOverOne(cluster: Cluster, { object, path, handOver: first }: Installed): Promise<void> {
  let step: HandOver = first;
  for (let attempt = 1; step.state === 'open'; attempt++) {
    const failure = await cluster.patch(path, step.patch).then(
      () => undefined,
      (error: unknown) => ({ error }),
    );
    if (failure === undefined) return;
    // Controllers write status all the time: the object may have changed since it was read.
    const live = await cluster.find(path);
    if (live === undefined) return;
    if (attempt >= ATTEMPTS) {
      const reason = failure.error instanceof Error ? failure.error.message : String(failure.error);
      throw new UserError(`${describeObject(object)} cannot be handed over: ${reason}. Run make adopt again.`);
    }
    step = handOver(live);
  }
}
