import fc from 'fast-check';
import type { Credential, MemberIo } from '../../../../infra/database/members/types';
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

describe('rotations, with Secrets that reach each member at a time of its own', () => {
  type Happening =
    { what: 'rotate' | 'complete' | 'tick' } | { what: 'sync' | 'pass' | 'stop' | 'start'; ordinal: number };

  const ordinal = fc.nat({ max: 2 });
  const happenings: fc.Arbitrary<Happening[]> = fc.array(
    fc.oneof(
      { weight: 2, arbitrary: fc.record({ what: fc.constantFrom('rotate', 'complete') }) },
      { weight: 2, arbitrary: fc.record({ what: fc.constant('tick' as const) }) },
      { weight: 8, arbitrary: fc.record({ what: fc.constantFrom('sync', 'pass', 'pass', 'pass'), ordinal }) },
      { weight: 1, arbitrary: fc.record({ what: fc.constantFrom('stop', 'start'), ordinal }) },
    ),
    { minLength: 20, maxLength: 120 },
  );

  /** A set, the rotation that its stack is at and the last that is completed, and what of both each member has seen. */
  class RotatingSet {
    rotation = 0;
    completed = 0;
    private readonly seen = [0, 1, 2].map(() => ({ rotation: 0, completed: 0 }));

    constructor(readonly set: SimulatedSet) {}

    wrap = (io: MemberIo): MemberIo => {
      const { rotation, completed } = this.seen[io.ordinal] ?? { rotation: 0, completed: 0 };
      return { ...io, credentials: () => credentials(rotation), completedRotation: () => completed };
    };

    sync(member: number): void {
      this.seen[member] = { rotation: this.rotation, completed: this.completed };
    }

    async happen(happening: Happening): Promise<void> {
      const { set } = this;
      // As the stack has it: the next only after the last, which is completed once clients could connect.
      if (happening.what === 'rotate')
        this.rotation = this.completed === this.rotation ? this.rotation + 1 : this.rotation;
      else if (happening.what === 'complete') {
        if (usersOf(set).includes(`tasks-db-${this.rotation}`)) this.completed = this.rotation;
      } else if (happening.what === 'tick') await set.tick();
      else if ('ordinal' in happening) await this.happenTo(happening.ordinal, happening.what);
    }

    private async happenTo(member: number, what: string): Promise<void> {
      const { set } = this;
      if (what === 'sync') this.sync(member);
      else if (what === 'start') set.start(member);
      else if (what === 'stop') set.stop(member);
      else if (set.running.includes(member)) await pass(this.wrap(set.io(member))).catch(() => undefined);
    }
  }

  test('no user that anybody may still use is taken away, and in the end there are those of now and the next', async () => {
    await fc.assert(
      fc.asyncProperty(happenings, async (life) => {
        const rotating = new RotatingSet(await rotated(0));
        const { set } = rotating;
        for (const happening of life) {
          const inUse = usersOf(set).filter((name) => Number(/\d+$/.exec(name)?.[0]) >= rotating.completed);
          await rotating.happen(happening);
          expect(usersOf(set)).toEqual(expect.arrayContaining(inUse));
        }
        for (const member of [0, 1, 2]) {
          set.start(member);
          rotating.sync(member);
        }
        await settle(set, rotating.wrap);
        await rotating.happen({ what: 'complete' });
        for (const member of [0, 1, 2]) rotating.sync(member);
        await settle(set, rotating.wrap);
        const { rotation } = rotating;
        expect(usersOf(set)).toEqual(['root', `tasks-db-${rotation}`, `tasks-db-${rotation + 1}`].sort());
      }),
      { numRuns: Number(process.env.FC_RUNS ?? 60) },
    );
  });
});
