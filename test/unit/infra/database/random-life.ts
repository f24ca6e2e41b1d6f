import fc from 'fast-check';
import type { MemberIo, Step } from '../../../../infra/database/members/types';
import { leave, pass } from './members-script';
import { isVoter } from './reconfiguration-rules';
import { isMajority, type Mongod } from './simulated-mongod';
import type { SimulatedSet } from './simulated-set';

/** Something that happens to a set. Ordinals count round over those that there are. */
export type Happening =
  | { what: 'scale'; replicas: number }
  | { what: 'pass'; ordinal: number; killedAt: number | undefined }
  | { what: 'stop' | 'start' | 'restart' | 'loseDisk' | 'stepDown'; ordinal: number }
  | { what: 'tick' | 'write' | 'finishLeaving' };

/** Odd sizes that a set is wanted to have. */
export const sizes = fc.constantFrom(1, 3, 5, 7);

const ordinals = fc.nat({ max: 6 });

/** Lives of a set; most of what happens are passes and time. */
export const lives: fc.Arbitrary<Happening[]> = fc.array(
  fc.oneof(
    { weight: 2, arbitrary: fc.record({ what: fc.constant('scale' as const), replicas: sizes }) },
    {
      weight: 20,
      arbitrary: fc.record({
        what: fc.constant('pass' as const),
        ordinal: ordinals,
        killedAt: fc.option(fc.nat({ max: 40 }), { nil: undefined, freq: 2 }),
      }),
    },
    {
      weight: 6,
      arbitrary: fc.record({
        what: fc.constantFrom('stop', 'start', 'restart', 'loseDisk', 'stepDown'),
        ordinal: ordinals,
      }),
    },
    { weight: 12, arbitrary: fc.record({ what: fc.constantFrom('tick', 'write', 'finishLeaving') }) },
  ),
  { minLength: 20, maxLength: 120 },
);

/** Lets it happen, and after each step makes sure that the script has broken nothing. */
export async function live(set: SimulatedSet, happenings: readonly Happening[]): Promise<void> {
  for (const happening of happenings) {
    await happen(set, happening);
    assertNothingLost(set);
  }
}

async function happen(set: SimulatedSet, happening: Happening): Promise<void> {
  switch (happening.what) {
    case 'scale':
      set.scaleTo(happening.replicas);
      return;
    case 'pass':
      return passOf(set, happening.ordinal % set.mongods.length, happening.killedAt);
    case 'tick':
      return set.tick();
    case 'write':
      set.write();
      return;
    case 'finishLeaving':
      return finishLeaving(set);
    default:
      suffer(set, happening.what, happening.ordinal % set.mongods.length);
  }
}

function suffer(set: SimulatedSet, what: string, ordinal: number): void {
  const isDoomed = ordinal >= set.scale.replicas;
  if (what === 'stop') set.stop(ordinal);
  else if (what === 'loseDisk') loseDisk(set, ordinal);
  else if (what === 'stepDown') stepDown(set);
  else if (!isDoomed) {
    set.stop(ordinal);
    set.start(ordinal);
  }
}

/** Of one member whose data all others have: two disks at once are more than a majority can lose. */
function loseDisk(set: SimulatedSet, ordinal: number): void {
  const others = set.mongods.filter((node) => node.ordinal !== ordinal && node.config !== undefined);
  const last = set.acknowledged.at(-1);
  const has = (node: Mongod) => node.up && node.hasData && (last === undefined || node.writes.includes(last));
  const isMember = (node: Mongod) => set.config.members.some((m) => set.find(m) === node && isVoter(m));
  if (others.filter((node) => has(node) && isMember(node)).length < 2 || !others.every(has)) return;
  if (!isMajority(set.config, set.find, (node) => node.ordinal !== ordinal && has(node))) return;
  set.loseDisk(ordinal);
}

function stepDown(set: SimulatedSet): void {
  const primary = set.mongods.find(({ ordinal }) => ordinal === set.primary);
  try {
    if (primary !== undefined) set.stepDown(primary, 1);
  } catch {
    // Nobody could take over.
  }
}

/** One pass, which must not leave the set without a majority where it had one. */
async function passOf(set: SimulatedSet, ordinal: number, killedAt: number | undefined): Promise<void> {
  if (!set.running.includes(ordinal)) return;
  const had = hasMajority(set);
  const io = killedAt === undefined ? set.io(ordinal) : dyingIo(set.io(ordinal), killedAt);
  const step = await pass(io).catch((error: unknown): Step => ({ action: 'wait', reason: String(error) }));
  if (had && !hasMajority(set)) throw new Error(`a majority was lost by ${JSON.stringify(step)}`);
}

/** Whether a majority of the voters is up and has the data. */
function hasMajority(set: SimulatedSet): boolean {
  if (set.accepted.length === 0 || set.mongods.every(({ config }) => config === undefined)) return false;
  return isMajority(set.config, set.find, ({ up, hasData }) => up && hasData);
}

/** Dies at its nth call: even calls are carried out and not heard of, odd ones do not get through. */
function dyingIo(io: MemberIo, at: number): MemberIo {
  let calls = 0;
  const dying =
    <A extends unknown[], R>(call: (...args: A) => Promise<R>) =>
    async (...args: A): Promise<R> => {
      const isLast = calls >= at >> 1;
      calls += 1;
      if (isLast && at % 2 === 1) throw new Error('killed');
      const answer = await call(...args);
      if (isLast) throw new Error('killed');
      return answer;
    };
  return {
    ...io,
    command: dying((...args: Parameters<MemberIo['command']>) => io.command(...args)),
    scale: dying(() => io.scale()),
    readMark: dying(() => io.readMark()),
    writeMark: dying((...args: Parameters<MemberIo['writeMark']>) => io.writeMark(...args)),
    canLogIn: dying((...args: Parameters<MemberIo['canLogIn']>) => io.canLogIn(...args)),
  };
}

/** Pods beyond the wanted number are stopped when their preStop hooks are done. */
async function finishLeaving(set: SimulatedSet): Promise<void> {
  for (const ordinal of set.running.filter((candidate) => candidate >= set.scale.replicas)) {
    const enough = new Error('not yet');
    const once = { ...set.io(ordinal), sleep: () => Promise.reject(enough) };
    const mayStop = await leave(once, set.now + 1).then(
      () => true,
      (error: unknown) => {
        if (error === enough) return false;
        throw error;
      },
    );
    if (mayStop) set.stop(ordinal);
  }
}

function assertNothingLost(set: SimulatedSet): void {
  if (set.data.size > 1) throw new Error('a second replica set was initiated');
  if (set.primary === undefined) return;
  const primary = set.mongods.find(({ ordinal }) => ordinal === set.primary);
  const lost = set.acknowledged.filter((write) => !primary?.writes.includes(write));
  if (lost.length > 0)
    throw new Error(`the primary ${set.primary} does not have the acknowledged writes ${lost.join()}`);
}
