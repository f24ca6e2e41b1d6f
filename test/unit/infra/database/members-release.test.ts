import fc from 'fast-check';
import { pass } from './members-script';
import { establishedSet, settle } from './converge';
import { sizes } from './random-life';
import type { SimulatedSet } from './simulated-set';

function releaseOf(set: SimulatedSet): string | undefined {
  return [...set.data.values()].at(-1)?.release;
}

/** As a rolling update does: one member after the other, the highest first. */
function restart(set: SimulatedSet, release: string, ordinals: number[]): void {
  set.release = release;
  for (const ordinal of ordinals) {
    set.stop(ordinal);
    set.start(ordinal);
  }
}

test('the data is of the new release when the last member is, and not before', async () => {
  const set = await establishedSet(3);
  for (const release of ['7.0', '8.0']) {
    const before = releaseOf(set);
    restart(set, release, [2, 1]);
    await settle(set);
    set.electMember(2);
    const { waiting } = await settle(set);
    expect(releaseOf(set)).toBe(before);
    expect(waiting.join()).toContain(`registry-0.registries.svc.cluster.local:27017 runs ${release} and is up`);

    restart(set, release, [0]);
    expect((await settle(set)).steps).toEqual([
      `setCompatibility: all members run MongoDB ${release}, and the data becomes its, which was ${before}'s`,
    ]);
    expect(releaseOf(set)).toBe(release);
  }
});

test('a member that is down could be of the old release', async () => {
  const set = await establishedSet(3);
  restart(set, '7.0', [2, 1, 0]);
  set.stop(1);
  await settle(set);
  expect(releaseOf(set)).toBe('6.0');
});

test('so could one that is wanted and not there yet', async () => {
  const set = await establishedSet(3);
  restart(set, '7.0', [2, 1, 0]);
  set.scale = { replicas: 5, existing: 5, stopping: false };
  const { waiting } = await settle(set);
  expect(releaseOf(set)).toBe('6.0');
  expect(waiting.join()).toContain('until registry-3.registries.svc.cluster.local:27017 is a member');
});

test('a change that was interrupted is repeated, one by other hands is not undone', async () => {
  const set = await establishedSet(3);
  restart(set, '7.0', [2, 1, 0]);
  const [data] = set.data.values();
  Object.assign(data ?? {}, { target: '6.0' });
  const { waiting } = await settle(set);
  expect(waiting.join()).toContain('by other hands, the data is on its way to MongoDB 6.0');
  expect(releaseOf(set)).toBe('6.0');

  Object.assign(data ?? {}, { target: '7.0' });
  await settle(set);
  expect(data).toMatchObject({ release: '7.0' });
  expect(data).not.toHaveProperty('target');
});

test.each([
  ['two releases on', '8.0', 'go there by way of each'],
  ['an older one', '5.0', undefined],
])('nothing is done to the data by %s', async (_, release, said) => {
  const set = await establishedSet(3);
  restart(set, release, [2, 1, 0]);
  const { steps, waiting } = await settle(set);
  expect(steps).toEqual([]);
  if (said !== undefined) expect(waiting.join()).toContain(said);
  expect(releaseOf(set)).toBe('6.0');
});

test('a mongod that does not tell of its data is governed all the same', async () => {
  const set = await establishedSet(3);
  set.scaleTo(5);
  const { steps } = await settle(set, (io) => ({
    ...io,
    command: (target, database, command) =>
      'getParameter' in command ? Promise.reject(new Error('refused')) : io.command(target, database, command),
  }));
  expect(steps.length).toBeGreaterThan(0);
  expect(set.membership.voters).toHaveLength(5);
});

test('members are asked for their release only where the data is of another', async () => {
  const set = await establishedSet(3);
  const asked: number[] = [];
  const primary = set.primary ?? -1;
  const io = set.io(primary);
  const counting = {
    ...io,
    command(target: number, database: string, command: Record<string, unknown>) {
      if ('buildInfo' in command) asked.push(target);
      return io.command(target, database, command) as Promise<unknown>;
    },
  };
  await pass(counting);
  expect(asked).toEqual([primary]);
});

test('in whatever order members restart, fail and return, the data is never of a release that one of them cannot read', async () => {
  const what = fc.constantFrom('restart', 'restart', 'stop', 'pass', 'pass', 'tick');
  const happenings = fc.array(fc.tuple(what, fc.nat({ max: 6 })), { minLength: 10, maxLength: 60 });
  await fc.assert(
    fc.asyncProperty(sizes, happenings, async (replicas, life) => {
      const set = await establishedSet(replicas);
      set.release = '7.0';
      for (const [happening, number] of life) {
        const ordinal = number % replicas;
        if (happening === 'restart') restart(set, '7.0', [ordinal]);
        else if (happening === 'stop') set.stop(ordinal);
        else if (happening === 'tick') await set.tick();
        else if (set.running.includes(ordinal)) await pass(set.io(ordinal)).catch(isHarmless);
        const isNew = set.mongods.every(({ release }) => release === '7.0');
        if (!isNew) expect(releaseOf(set)).toBe('6.0');
      }
      restart(
        set,
        '7.0',
        set.mongods.map(({ ordinal }) => ordinal),
      );
      await settle(set);
      expect(releaseOf(set)).toBe('7.0');
    }),
    { numRuns: 60 },
  );
});

/** Passes may fail while members come and go, but never for what the primary wanted of the data. */
function isHarmless(error: unknown): void {
  if (String(error).includes('could not read data')) throw error;
}
