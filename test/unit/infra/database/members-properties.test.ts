import fc from 'fast-check';
import { settle, upTo } from './converge';
import { live, lives, sizes } from './random-life';
import { SimulatedSet } from './simulated-set';

/** Some seconds of trials; `FC_RUNS` asks for more. */
const numRuns = Number(process.env.FC_RUNS ?? 150);

/** All members come back, those that were to leave included, and nothing else happens. */
async function recover(set: SimulatedSet): Promise<void> {
  for (const { ordinal } of set.mongods) set.start(ordinal);
  await set.tick();
  await settle(set);
}

test('from nothing, or a set that is up, to any sizes, with members failing, returning and dying at any line, it ends as wanted', async () => {
  await fc.assert(
    fc.asyncProperty(sizes, fc.boolean(), lives, async (replicas, isUp, happenings) => {
      const set = new SimulatedSet(replicas);
      if (isUp) await settle(set);
      await live(set, happenings);
      await recover(set);
      const wanted = upTo(set.scale.replicas);
      expect(set.membership).toEqual({ members: wanted, voters: wanted });
      expect(set.mark).toBe('set-0');
      expect(set.data.size).toBe(1);
      const primary = set.mongods.find(({ ordinal }) => ordinal === set.primary);
      expect(primary?.writes).toEqual(expect.arrayContaining(set.acknowledged));
    }),
    { numRuns },
  );
});

test('so it does from any configuration that an operator may have left', async () => {
  const member = fc.record({ votes: fc.constantFrom(0, 1), isOldName: fc.boolean() });
  await fc.assert(
    fc.asyncProperty(sizes, sizes, fc.array(member, { minLength: 7, maxLength: 7 }), async (from, to, changes) => {
      const set = new SimulatedSet(from);
      await settle(set);
      set.override((config) => ({
        ...config,
        members: config.members.map((m, index) => {
          const { votes = 1, isOldName = false } = changes[index] ?? {};
          const host = isOldName ? m.host.replace('.registries', '.before') : m.host;
          const isPrimary = set.ordinalOf(m.host) === set.primary;
          return isPrimary || votes === 1 ? { ...m, host } : { ...m, host, votes: 0, priority: 0 };
        }),
      }));
      set.scaleTo(to);
      await settle(set);
      expect(set.membership).toEqual({ members: upTo(to), voters: upTo(to) });
      expect(set.config.members.map(({ host }) => host).sort()).toEqual(upTo(to).map(set.hostOf));
    }),
    { numRuns: Math.ceil(numRuns / 3) },
  );
});
