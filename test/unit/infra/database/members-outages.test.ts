import type { MemberIo } from '../../../../infra/database/members/types';
import { leave, pass } from './members-script';
import { establishedSet, settle, upTo } from './converge';
import { SimulatedSet } from './simulated-set';

describe('interrupted', () => {
  /** Every member's commands, of which the one numbered `at` is carried out and its answer lost. */
  function losing(at: number): { wrap: (io: MemberIo) => MemberIo; count: () => number } {
    let count = 0;
    const wrap = (io: MemberIo): MemberIo => ({
      ...io,
      async command(...call) {
        const answer: unknown = await io.command(...call);
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

describe('is careful', () => {
  test('without a majority nothing is done and the reason is said', async () => {
    const set = await establishedSet(3);
    set.stop(1);
    set.stop(2);
    set.scale = { replicas: 5, existing: 5, stopping: false };
    const { steps, waiting } = await settle(set);
    expect(steps).toEqual([]);
    expect(waiting).toEqual([
      '0: the replica set has no primary: a majority of its voting members must be up; ' +
        'registry-1.registries.svc.cluster.local:27017 is (not reachable/healthy) (refused); ' +
        'registry-2.registries.svc.cluster.local:27017 is (not reachable/healthy) (refused); ' +
        'where disks are lost for good: docs/operations.md, "A majority is lost"',
    ]);
  });

  test('a set that an operator made of the one member that is left takes the others in again', async () => {
    const set = await establishedSet(3);
    set.write();
    set.stop(1);
    set.stop(2);
    set.override((config) => ({ ...config, members: config.members.filter(({ _id }) => _id === 0) }));
    await settle(set);
    set.loseDisk(1);
    set.start(2);
    await settle(set);
    expect(set.membership).toEqual({ members: upTo(3), voters: upTo(3) });
    expect(set.mongods.map(({ writes }) => writes)).toEqual([set.acknowledged, set.acknowledged, set.acknowledged]);
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
