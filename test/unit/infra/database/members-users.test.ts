import type { Credential } from '../../../../infra/database/members/types';
import { establishedSet, settle } from './converge';
import { pass } from './members-script';
import { SimulatedSet } from './simulated-set';

const ROOT: Credential = { name: 'root', password: 'root-1', roles: [{ role: 'root', db: 'admin' }] };

/** As the program writes them: the users of a rotation, and those of the next. */
function credentials(rotation: number, root = 'root-1'): Credential[] {
  const users = [rotation, rotation + 1].map((generation) => ({
    name: `tasks-db-${generation}`,
    password: `tasks-${generation}`,
    roles: [{ role: 'readWrite', db: 'tasks' }],
    generation,
  }));
  return [{ ...ROOT, password: root }, ...users];
}

async function rotated(rotation: number): Promise<SimulatedSet> {
  const set = await establishedSet(3);
  Object.assign(set, { credentials: credentials(rotation), completed: rotation });
  await settle(set);
  return set;
}

function usersOf(set: SimulatedSet): string[] {
  return [...(set.data.get('set-0')?.users.keys() ?? [])].sort();
}

test('a password that changes is set, and so are rights that do', async () => {
  const set = await rotated(0);
  set.credentials = credentials(0, 'root-2');
  expect((await settle(set)).steps).toEqual(['updateUser']);
  expect(set.data.get('set-0')?.users.get('root')?.password).toBe('root-2');

  set.credentials = set.credentials.map((user) => ({ ...user, roles: [{ role: 'read', db: 'tasks' }] }));
  expect((await settle(set)).steps).toEqual(['updateUser', 'updateUser', 'updateUser']);
  expect(set.data.get('set-0')?.users.get('tasks-db-1')?.roles).toEqual([{ role: 'read', db: 'tasks' }]);
});

test('rights that somebody gave by hand are taken back', async () => {
  const set = await rotated(0);
  const user = set.data.get('set-0')?.users.get('tasks-db-0');
  if (user) user.roles = [...(user.roles as unknown[]), { role: 'root', db: 'admin' }];
  expect((await settle(set)).steps).toEqual(['updateUser']);
});

test('in a rotation, the users of before stay until all clients are known to have the next, and the ones after are there', async () => {
  const set = await rotated(0);
  expect(usersOf(set)).toEqual(['root', 'tasks-db-0', 'tasks-db-1']);

  set.credentials = credentials(1);
  await settle(set);
  expect(usersOf(set)).toEqual(['root', 'tasks-db-0', 'tasks-db-1', 'tasks-db-2']);

  set.completed = 1;
  expect((await settle(set)).steps).toEqual(['dropUser']);
  expect(usersOf(set)).toEqual(['root', 'tasks-db-1', 'tasks-db-2']);
});

test('nobody is taken away before all that there are to be are there', async () => {
  const set = await rotated(0);
  Object.assign(set, { credentials: credentials(2), completed: 2 });
  expect((await settle(set)).steps).toEqual(['createUser', 'createUser', 'dropUser', 'dropUser']);
});

test.each([undefined, 0, Number.NaN])('with rotation %s completed nobody is taken away', async (completed) => {
  const set = await rotated(0);
  set.data.get('set-0')?.users.set('aios', { password: 'old', roles: [] });
  set.completed = completed;
  expect((await settle(set)).steps).toEqual([]);
});

test('the user that all clients shared goes with the first rotation, and users made by hand never', async () => {
  const set = await rotated(0);
  for (const name of ['aios', 'tasks-db-0x', 'analyst']) {
    set.data.get('set-0')?.users.set(name, { password: 'by hand', roles: [] });
  }
  Object.assign(set, { credentials: credentials(1), completed: 1 });
  await settle(set);
  expect(usersOf(set)).toEqual(['analyst', 'root', 'tasks-db-0x', 'tasks-db-1', 'tasks-db-2']);
});

test('a user that is wanted is not taken away, whatever is completed', async () => {
  const set = await rotated(0);
  set.completed = 5;
  expect((await settle(set)).steps).toEqual([]);
});

test('a primary is ready once its users are there, and so whatever waits for it can connect', async () => {
  const set = new SimulatedSet(1);
  const reported: (string | undefined)[] = [];
  for (let round = 0; round < 8; round += 1) {
    await pass(set.io(0));
    await set.tick();
    reported.push(set.reports.get(0));
  }
  expect(reported.slice(1, 4)).toEqual(['PRIMARY: mark', 'PRIMARY: createUser', 'PRIMARY: createUser']);
  expect(reported.at(-1)).toBe('');
});

test('whether it has them may not be told: then it is as ready as it was', async () => {
  const set = await rotated(0);
  const primary = set.primary ?? 0;
  set.reports.delete(primary);
  const unreadable = () => {
    throw new Error('ENOENT');
  };
  await expect(pass({ ...set.io(primary), credentials: unreadable })).rejects.toThrow('ENOENT');
  expect(set.reports.get(primary)).toBe('');
});
