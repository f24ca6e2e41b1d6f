import type { MemberIo } from '../../../../infra/database/members/types';
import { pass } from './members-script';
import { establishedSet, settle, shrink, upTo } from './converge';
import { SimulatedSet } from './simulated-set';

test('a fresh set of three begins with member 0, gets its users, and then grows by one voter at a time', async () => {
  const set = new SimulatedSet(3);
  const { steps, waiting } = await settle(set);

  expect(set.membership).toEqual({ members: [0, 1, 2], voters: [0, 1, 2] });
  expect(waiting).toEqual([]);
  expect(steps.slice(0, 5)).toEqual(['initiate', 'mark', 'createUser', 'createUser', 'setWriteConcern']);
  const [data] = set.data.values();
  expect(data?.users.get('tasks-db-0')).toEqual({
    password: 'tasks-1',
    roles: [{ role: 'readWrite', db: 'tasks' }],
    customData: { generation: 0 },
  });
  expect(data?.users.get('root')).toEqual({ password: 'root-1', roles: [{ role: 'root', db: 'admin' }] });
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

test('a member votes only when it has the data, and leaves its vote to no other', async () => {
  const set = new SimulatedSet(9);
  set.slow.add(2);
  const { waiting } = await settle(set);
  expect(set.membership).toEqual({ members: upTo(9), voters: [0, 1, 3, 4, 5, 6] });
  expect(waiting).toEqual(['0: registry-2.registries.svc.cluster.local:27017 is catching up']);

  set.slow.clear();
  await settle(set);
  expect(set.membership.voters).toEqual(upTo(7));
});

test('the primary that has to go hands over, after it has removed the others; those that are down go first', async () => {
  const set = await establishedSet(7);
  set.electMember(6);
  set.stop(4);
  set.scale = { replicas: 3, existing: 7, stopping: false };
  const { steps } = await settle(set);
  const host = (ordinal: number): string => `registry-${ordinal}.registries.svc.cluster.local:27017`;
  expect(steps).toEqual([
    `reconfigure: removing ${host(4)}`,
    `reconfigure: removing ${host(5)}`,
    `reconfigure: removing ${host(3)}`,
    'stepDown: this member is the primary and to be removed',
    `reconfigure: removing ${host(6)}`,
  ]);
});

test('where nobody could take over from a primary that has to go, the wanted members come first', async () => {
  const set = await establishedSet(5);
  set.electMember(4);
  set.override((config) => ({ ...config, members: config.members.filter(({ _id }) => _id === 4) }));
  set.scaleTo(3);
  await settle(set);
  expect(set.membership).toEqual({ members: upTo(3), voters: upTo(3) });
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

  test('a member that is there under a wrong and its right name', async () => {
    const set = await establishedSet(3);
    set.electMember(0);
    const twin = { _id: 255, host: 'registry-0.old:27017', votes: 0, priority: 0 };
    set.override((config) => ({ ...config, members: [...config.members, twin] }));
    expect((await settle(set)).steps).toEqual(['reconfigure: removing registry-0.old:27017']);
  });

  test('and leaves members alone that somebody added under another name, with their ids and votes', async () => {
    const set = await establishedSet(5);
    const strangers = [255, 254].map((_id) => ({ _id, host: `analytics-${_id}.example:27017`, votes: 1, priority: 0 }));
    set.override((config) => ({ ...config, members: [...config.members, ...strangers] }));
    expect((await settle(set)).steps).toEqual([]);

    set.scaleTo(7);
    await settle(set);
    expect(set.membership.members).toEqual([...upTo(7), undefined, undefined]);
    expect(set.membership.voters).toEqual([...upTo(5), undefined, undefined]);
    expect(set.config.members.map(({ _id }) => _id).sort((a, b) => a - b)).toEqual([...upTo(7), 254, 255]);
  });
});
