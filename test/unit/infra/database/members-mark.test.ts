import { pass } from './members-script';
import { establishedSet, settle, upTo } from './converge';
import { SimulatedSet } from './simulated-set';

const UNMARK = 'kubectl -n registries annotate configmap registry-initiated aios-network/replica-set-id-';

function loseAllDisks(set: SimulatedSet): void {
  for (const ordinal of set.running) set.loseDisk(ordinal);
}

test('where all disks come back empty, no second set begins, and the way out is said', async () => {
  const set = await establishedSet(3);
  expect(set.mark).toBe('set-0');
  loseAllDisks(set);
  const { steps, waiting } = await settle(set);
  expect(steps).toEqual([]);
  expect(set.data.size).toBe(1);
  expect(waiting[0]).toContain('the replica set set-0 was here, and this disk is empty: mount the right one');
  expect(waiting[0]).toContain(UNMARK);
  expect(set.reports.get(0)).toContain(UNMARK);
});

test('one begins anew when the note is taken away, as said', async () => {
  const set = await establishedSet(3);
  loseAllDisks(set);
  set.mark = undefined;
  await settle(set);
  expect(set.membership.voters).toEqual(upTo(3));
  expect(set.mark).toBe('set-1');
});

test('none begins while it cannot be told whether there was one', async () => {
  const set = new SimulatedSet(3);
  const unreadable = { ...set.io(0), readMark: () => Promise.reject(new Error('forbidden')) };
  await expect(pass(unreadable)).resolves.toEqual({
    action: 'wait',
    reason: 'cannot tell whether there was a replica set before: forbidden',
  });
});

test('a set that was up before there were notes gets one, and is left alone otherwise', async () => {
  const set = await establishedSet(3);
  set.mark = undefined;
  expect((await settle(set)).steps).toEqual(['mark']);
  expect(set.mark).toBe('set-0');
});

test('nobody can write to a set before it is noted, so that initiating it again loses nothing', async () => {
  const set = new SimulatedSet(3);
  const killed = () => Promise.reject(new Error('killed'));
  await settle(set, (io) => ({ ...io, writeMark: killed })).catch(() => undefined);
  expect(set.data.get('set-0')?.users.size).toBe(0);
  loseAllDisks(set);
  await settle(set);
  expect(set.membership.voters).toEqual(upTo(3));
  expect(set.mark).toBe('set-1');
});

test('a note that cannot be written keeps users of a new set away, and an established one from nothing', async () => {
  const forbidden = (set: SimulatedSet) =>
    settle(set, (io) => ({ ...io, readMark: () => Promise.reject(new Error('forbidden')) }));
  const fresh = new SimulatedSet(1);
  await pass(fresh.io(0));
  const { waiting } = await forbidden(fresh);
  expect(waiting.join()).toContain('cannot note that there is a replica set: forbidden');
  expect(fresh.data.get('set-0')?.users.size).toBe(0);

  const established = await establishedSet(3);
  established.scaleTo(5);
  await forbidden(established);
  expect(established.membership.voters).toEqual(upTo(5));
});

test('the disks of another set are served, and said to be another', async () => {
  const set = await establishedSet(3);
  set.mark = 'set-of-before';
  const { steps, waiting } = await settle(set);
  expect(steps).toEqual([]);
  expect(waiting.join()).toContain('the replica set set-of-before is noted for this database, and this is set-0');
  expect(set.mark).toBe('set-of-before');
});
