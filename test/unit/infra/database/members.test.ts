import { leave, type MemberIo, pass } from '../../../../infra/database/members';
import { SimulatedSet } from './simulated-set';

interface Report {
  /** What the members did, rests and waits left out. */
  steps: string[];
  /** Reasons that the members gave at the end for not doing more. */
  waiting: string[];
}

/** Runs all members, in turn, until none has done anything for three rounds: data needs some heartbeats to arrive. */
async function settle(set: SimulatedSet, wrap: (io: MemberIo) => MemberIo = (io) => io): Promise<Report> {
  const steps: string[] = [];
  let quiet = 0;
  for (let round = 0; round < 200; round += 1) {
    let busy = false;
    const waiting: string[] = [];
    for (const ordinal of set.running) {
      const step = await pass(wrap(set.io(ordinal))).catch((error: unknown) => {
        busy = true;
        return { action: 'wait' as const, reason: String(error) };
      });
      if (step.action === 'wait') waiting.push(`${ordinal}: ${step.reason}`);
      else if (step.action !== 'rest') {
        steps.push('reason' in step ? `${step.action}: ${step.reason}` : step.action);
        busy = true;
      }
    }
    const before = JSON.stringify([set.primary, set.accepted.length]);
    await set.tick();
    busy ||= before !== JSON.stringify([set.primary, set.accepted.length]);
    quiet = busy ? 0 : quiet + 1;
    if (quiet === 3) return { steps, waiting };
  }
  throw new Error(`does not settle: ${steps.slice(-6).join('; ')}`);
}

/** A set of members 0 to replicas - 1 that is as wanted. */
async function establishedSet(replicas: number): Promise<SimulatedSet> {
  const set = new SimulatedSet(replicas);
  await settle(set);
  return set;
}

/** What Kubernetes does when the number shrinks: all pods beyond it are told to stop, at once. */
async function shrink(set: SimulatedSet, replicas: number): Promise<number[][]> {
  const doomed = set.running.filter((ordinal) => ordinal >= replicas);
  set.scaleTo(replicas);
  const membersAtStop: number[][] = [];
  const leaving = new Set(doomed);
  const stopping = doomed.map(async (ordinal) => {
    await leave(set.io(ordinal), set.now + 110_000);
    membersAtStop.push(set.membership.members.filter((m) => m === ordinal) as number[]);
    set.stop(ordinal);
    leaving.delete(ordinal);
  });
  for (let round = 0; leaving.size > 0; round += 1) {
    if (round > 150) throw new Error(`still there: ${[...leaving].join()}`);
    for (const ordinal of set.running) await pass(set.io(ordinal));
    await set.tick();
  }
  await Promise.all(stopping);
  await settle(set);
  return membersAtStop;
}

const upTo = (count: number): number[] => Array.from({ length: count }, (_, ordinal) => ordinal);

test('a fresh set of three begins with member 0, gets its users, and then grows by one voter at a time', async () => {
  const set = new SimulatedSet(3);
  const { steps, waiting } = await settle(set);

  expect(set.membership).toEqual({ members: [0, 1, 2], voters: [0, 1, 2] });
  expect(waiting).toEqual([]);
  expect(steps.slice(0, 4)).toEqual(['initiate', 'createUser', 'createUser', 'setWriteConcern']);
  const [data] = set.data.values();
  expect(data?.users.get('aios')).toEqual({ password: 'aios-1', roles: ['readWriteAnyDatabase'] });
  expect(data?.users.get('root')).toEqual({ password: 'root-1', roles: ['root'] });
  expect(data?.writeConcern).toBe('majority');
});

test('nothing is done to a set that is as wanted', async () => {
  const set = await establishedSet(3);
  expect(await settle(set)).toEqual({ steps: [], waiting: [] });
});

test('a member that does not answer yet holds up the initiation, and later nothing else', async () => {
  const set = new SimulatedSet(3);
  set.stop(2);
  expect((await settle(set)).waiting[0]).toContain('registry-2.registries.svc.cluster.local:27017 must answer');
  expect(set.data.size).toBe(0);

  set.start(2);
  await settle(set);
  set.scaleTo(5);
  set.stop(4);
  const { waiting } = await settle(set);
  expect(set.membership.voters).toEqual(upTo(4));
  expect(waiting.join()).toContain('registry-4.registries.svc.cluster.local:27017 does not answer');
});

test.each([
  ['none of the removed is the primary', 0],
  ['the primary is removed', 4],
])('grows from 3 to 5 and shrinks back when %s', async (_, primary) => {
  const set = await establishedSet(3);
  set.scaleTo(5);
  await settle(set);
  expect(set.membership).toEqual({ members: upTo(5), voters: upTo(5) });

  set.electMember(primary);
  const membersAtStop = await shrink(set, 3);
  expect(membersAtStop.flat()).toEqual([]);
  expect(set.membership).toEqual({ members: upTo(3), voters: upTo(3) });
});

test('7 to 3 keeps a primary, although more pods stop at once than a majority can lose', async () => {
  const set = await establishedSet(7);
  set.electMember(6);
  const membersAtStop = await shrink(set, 3);
  expect(membersAtStop.flat()).toEqual([]);
  expect(set.primary).toBeLessThan(3);
  expect(set.membership.voters).toEqual(upTo(3));
});

test('members that return with their old data are taken in again', async () => {
  const set = await establishedSet(5);
  await shrink(set, 3);
  set.scaleTo(5);
  const { waiting } = await settle(set);
  expect(waiting).toEqual([]);
  expect(set.membership.voters).toEqual(upTo(5));
  expect(set.data.size).toBe(1);
});

test('of nine members seven vote, the lowest', async () => {
  const set = await establishedSet(9);
  expect(set.membership).toEqual({ members: upTo(9), voters: upTo(7) });
  expect(set.config.members.filter(({ votes }) => votes === 0).every(({ priority }) => priority === 0)).toBe(true);
});

test.each([
  ['the others are up', []],
  ['the others are away too', [1, 2]],
])('member 0 with an empty disk begins no second set while %s', async (_, away) => {
  const set = await establishedSet(3);
  for (const ordinal of away) set.stop(ordinal);
  set.loseDisk(0);
  await settle(set);
  expect(set.data.size).toBe(1);

  for (const ordinal of away) set.start(ordinal);
  await settle(set);
  expect(set.membership.voters).toEqual([0, 1, 2]);
  expect(set.data.size).toBe(1);
});

test('member 0 with an empty disk asks members that are about to be removed, too', async () => {
  const set = await establishedSet(3);
  set.scaleTo(1);
  set.loseDisk(0);
  await pass(set.io(0));
  expect(set.data.size).toBe(1);
});

test('data of another set is not taken in', async () => {
  const set = await establishedSet(3);
  const other = await establishedSet(1);
  other.override((config) => ({ ...config, settings: { replicaSetId: 'other' } }));
  set.scaleTo(5);
  set.stop(3);
  const withStranger = (io: MemberIo): MemberIo => ({
    ...io,
    command: (target, ...rest) => (target === 3 ? other.io(0).command(0, ...rest) : io.command(target, ...rest)),
  });
  const { waiting } = await settle(set, withStranger);
  expect(waiting.join()).toContain('registry-3.registries.svc.cluster.local:27017 holds data of another replica set');
  expect(set.membership.members).toEqual([0, 1, 2, 4]);
});

describe('interrupted', () => {
  /** Every member's commands, of which the one numbered `at` is carried out and its answer lost. */
  function losing(at: number): { wrap: (io: MemberIo) => MemberIo; count: () => number } {
    let count = 0;
    const wrap = (io: MemberIo): MemberIo => ({
      ...io,
      async command(...call) {
        const answer = await io.command(...call);
        count += 1;
        if (count === at) throw new Error('killed');
        return answer;
      },
    });
    return { wrap, count: () => count };
  }

  test('after any command, from nothing to three to five to three, it converges', async () => {
    for (let at = 1; ; at += 1) {
      const set = new SimulatedSet(3);
      const { wrap, count } = losing(at);
      await settle(set, wrap);
      set.scaleTo(5);
      await settle(set, wrap);
      set.scaleTo(3);
      await settle(set, wrap);
      expect(set.membership).toEqual({ members: upTo(3), voters: upTo(3) });
      expect(set.data.size).toBe(1);
      if (count() < at) break;
    }
  });

  test('by the loss of the primary after any reconfiguration, it converges when the member is back', async () => {
    for (let version = 1; version <= 5; version += 1) {
      const set = new SimulatedSet(3);
      let lost: number | undefined;
      for (let round = 0; round < 30 && lost === undefined; round += 1) {
        for (const ordinal of set.running) await pass(set.io(ordinal)).catch(() => undefined);
        if (set.accepted.length >= version) lost = set.primary;
        if (lost === undefined) await set.tick();
      }
      if (lost === undefined) throw new Error(`no version ${version}`);
      set.stop(lost);
      await set.tick();
      set.start(lost);
      await settle(set);
      expect(set.membership.voters).toEqual([0, 1, 2]);
    }
  });
});

describe('repairs', () => {
  test('a member under another host name, the primary among them', async () => {
    const set = await establishedSet(3);
    set.override((config) => ({
      ...config,
      members: config.members.map((m) => ({ ...m, host: m.host.replace('.registries', '.registry.registries') })),
    }));
    const { steps } = await settle(set);
    expect(steps).toHaveLength(3);
    expect(set.config.members.map(({ host }) => host)).toEqual(upTo(3).map(set.hostOf));
  });

  test('a changed password', async () => {
    const set = await establishedSet(3);
    set.passwords.aios = 'aios-2';
    expect((await settle(set)).steps).toEqual(['updateUser']);
    const [data] = set.data.values();
    expect(data?.users.get('aios')?.password).toBe('aios-2');
  });

  test('and leaves members alone that somebody added under another name', async () => {
    const set = await establishedSet(3);
    const stranger = { _id: 9, host: 'analytics.example:27017', votes: 0, priority: 0 };
    set.override((config) => ({ ...config, members: [...config.members, stranger] }));
    expect((await settle(set)).steps).toEqual([]);
  });
});

describe('is careful', () => {
  test('without a majority nothing is done and the reason is said', async () => {
    const set = await establishedSet(3);
    set.stop(1);
    set.stop(2);
    set.scale = { replicas: 5, existing: 5, stopping: false };
    const { steps, waiting } = await settle(set);
    expect(steps).toEqual([]);
    expect(waiting).toEqual(['0: the replica set has no primary: a majority of its voting members must be up']);
  });

  test('a member is not removed where the rest would have no majority', async () => {
    const set = await establishedSet(5);
    set.electMember(4);
    set.stop(0);
    set.stop(1);
    set.scale = { replicas: 3, existing: 5, stopping: false };
    const { waiting } = await settle(set);
    expect(set.membership.voters).toEqual(upTo(5));
    expect(waiting.join()).toContain('can only be removed when more of the remaining members are up');
  });

  test.each([
    ['deleted', { replicas: 3, existing: 3, stopping: true }],
    ['scaled to zero', { replicas: 0, existing: 3, stopping: true }],
  ])('a StatefulSet that is %s dissolves no set, and its pods do not wait', async (_, scale) => {
    const set = await establishedSet(3);
    set.scale = scale;
    const { steps } = await settle(set);
    expect(steps).toEqual([]);
    for (const ordinal of upTo(3)) await leave(set.io(ordinal), set.now + 110_000);
    expect(set.membership.members).toEqual([0, 1, 2]);
  });
});

describe('a member that restarts', () => {
  test('hands over if it is the primary, and remains a member', async () => {
    const set = await establishedSet(3);
    set.electMember(0);
    await set.during(leave(set.io(0), set.now + 110_000));
    expect(set.primary).not.toBe(0);
    expect(set.membership.members).toContain(0);
  });

  test('waits for another that is down, and in the end stops all the same', async () => {
    const set = await establishedSet(3);
    set.stop(1);
    const began = set.now;
    await set.during(leave(set.io(0), began + 110_000));
    expect(set.now - began).toBeGreaterThanOrEqual(110_000);
    expect(set.said).toContain('the others have no majority without this member yet');
  });
});
