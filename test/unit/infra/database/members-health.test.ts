import type { MemberIo } from '../../../../infra/database/members/types';
import { pass, watch } from './members-script';
import { establishedSet, settle } from './converge';
import { SimulatedSet } from './simulated-set';

const host = (ordinal: number): string => `registry-${ordinal}.registries.svc.cluster.local:27017`;

describe('the readiness probe', () => {
  test('finds nothing to object to while the member is PRIMARY or SECONDARY', async () => {
    const set = await establishedSet(3);
    expect([...set.reports.values()]).toEqual(['', '', '']);
  });

  test('is told why a member is not: without configuration, being filled, without a mongod', async () => {
    const set = new SimulatedSet(3);
    await pass(set.io(1));
    expect(set.reports.get(1)).toBe('no member of the replica set: not yet in the replica set');

    set.slow.add(1);
    await settle(set);
    expect(set.reports.get(0)).toBe('');
    expect(set.reports.get(1)).toMatch(/^STARTUP2/);

    set.stop(2);
    await expect(pass(set.io(2))).rejects.toThrow();
    expect(set.reports.get(2)).toContain('connect ECONNREFUSED');
  });

  test('goes on being told of a member that serves, whatever else fails', async () => {
    const set = await establishedSet(3);
    set.reports.clear();
    const failing = (io: MemberIo): MemberIo => ({
      ...io,
      credentials: () => {
        throw new Error('no such file');
      },
    });
    const passes = [0, 1, 2].map((ordinal) => pass(failing(set.io(ordinal))));
    expect((await Promise.allSettled(passes)).map(({ status }) => status)).toContain('rejected');
    expect([...set.reports.values()]).toEqual(['', '', '']);
  });

  test('lets members be that have no majority: they have the data, and must not be evicted for it', async () => {
    const set = await establishedSet(3);
    set.stop(1);
    set.stop(2);
    await settle(set);
    expect(set.reports.get(0)).toBe('');
  });
});

describe('what is said', () => {
  test('of a member that is too old to catch up: its times, and how to empty it', async () => {
    const set = await establishedSet(3);
    set.electMember(2);
    set.outrun(1);
    const { waiting } = await settle(set);
    expect(waiting.join()).toContain(
      '1: too old to catch up: its data is of 2026-01-01T00:00:00.000Z, and what the primary still has of changes begins at ' +
        '2026-01-03T00:00:00.000Z. Empty this member, and the others fill it: ' +
        'kubectl -n registries exec registry-1 -c mongod -- touch /data/db/resync && kubectl -n registries delete pod registry-1',
    );
    expect(set.reports.get(1)).toContain('RECOVERING: too old to catch up');
    expect(waiting.join()).toContain(`2: ${host(1)} is RECOVERING`);
  });

  test('of a member that recovers and has all it needs: nothing of the kind', async () => {
    const set = await establishedSet(3);
    set.electMember(2);
    set.outrun(1);
    const recent = { cursor: { firstBatch: [{ wall: new Date('2025-12-31T00:00:00Z') }] } };
    const { reason = '' } = await pass({
      ...set.io(1),
      command: (target, database, command) =>
        command.find === 'oplog.rs' ? Promise.resolve(recent) : set.io(1).command(target, database, command),
    });
    expect(reason).not.toContain('too old');
  });

  test('of a voter that is down: by the primary, with what it heard last', async () => {
    const set = await establishedSet(3);
    set.electMember(0);
    set.stop(1);
    const { waiting } = await settle(set);
    expect(waiting).toEqual([`0: ${host(1)} is (not reachable/healthy) (refused)`]);
  });

  test('of a name that cannot be found: the name and the resolver’s error', async () => {
    const set = await establishedSet(3);
    set.scale = { replicas: 5, existing: 5, stopping: false };
    const { waiting } = await settle(set);
    expect(waiting.join()).toContain(`${host(3)} does not answer (getaddrinfo ENOTFOUND ${host(3)})`);
  });

  test('of an API server that is away: itself, and nothing is changed', async () => {
    const set = await establishedSet(3);
    set.apiDown = true;
    const { steps, waiting } = await settle(set);
    expect(steps).toEqual([]);
    expect(waiting).toHaveLength(3);
    expect(waiting[0]).toBe('0: cannot tell how many members are wanted: the API server does not answer');
  });
});

describe('watching', () => {
  /** Watches until `until` ms have passed. */
  async function watched(set: SimulatedSet, ordinal: number, until: number): Promise<void> {
    let now = 0;
    const io: MemberIo = {
      ...set.io(ordinal),
      now: () => now,
      sleep(milliseconds) {
        now += milliseconds;
        return now > until ? Promise.reject(new Error('enough')) : Promise.resolve();
      },
    };
    await expect(watch(io)).rejects.toThrow('enough');
  }

  test('says what is new once, and makes an event of what lasts, again while events would be forgotten', async () => {
    const set = await establishedSet(3);
    set.stop(1);
    set.stop(2);
    await watched(set, 0, 110_000);
    expect(set.said).toHaveLength(1);
    expect(set.warnings).toEqual([]);
    await watched(set, 0, 130_000);
    expect(set.warnings).toEqual([expect.stringContaining('has no primary')]);
    await watched(set, 0, 2_000_000);
    expect(set.warnings).toHaveLength(3);
  });

  test('makes no event of a set that is as wanted, and goes on where events are refused', async () => {
    const set = await establishedSet(3);
    await watched(set, 0, 1_000_000);
    expect(set.warnings).toEqual([]);
    set.apiDown = true;
    await watched(set, 0, 130_000);
    expect(set.said.at(-1)).toBe('cannot make an event of it: the API server does not answer');
  });

  test('ends, to be started again, where a pass does not', async () => {
    const set = await establishedSet(1);
    const timers: { milliseconds: number; act: () => void }[] = [];
    const stuck = watch({
      ...set.io(0),
      command: () => new Promise(() => undefined),
      after(milliseconds, act) {
        timers.push({ milliseconds, act });
        return () => undefined;
      },
    });
    const [timer] = timers;
    expect(timer?.milliseconds).toBeGreaterThan(2 * 60 * 1000);
    timer?.act();
    await expect(stuck).rejects.toThrow('a pass has not ended');
  });
});
