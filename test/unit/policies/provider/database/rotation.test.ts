import { DataPlacement } from '../../../../../policies/provider/database/data-placement';
import type { Properties } from '../../../../../policies/provider/wire/value';
import { closeServers } from '../../../kubernetes-api/servers';
import { claim, clusterWith, metadata } from './live-cluster';

afterEach(closeServers);

const placement = new DataPlacement();

const older: Properties = {
  section: 'registry',
  statefulSet: 'registry',
  namespace: 'registries',
  replicas: 3,
  size: { text: '10Gi', bytes: 10 * 2 ** 30 },
  storageClass: 'fast',
  stopped: false,
  protect: true,
  unsafe: { moveStorage: false, moveMembers: false },
};
const at = (rotate: number): Properties => ({ ...older, rotate });

const reasons = (old: Properties, now: Properties) =>
  placement.check(now, old).failures.map(({ property, reason }) => `${property}: ${reason}`);

test.each([
  ['a rotation', at(3), at(4)],
  ['the same one', at(3), at(3)],
  ['the first record of it', older, at(0)],
])('takes %s', (_, old, now) => {
  expect(reasons(old, now)).toEqual([]);
});

test.each([
  [
    'two at once',
    at(3),
    at(5),
    'registry.rotate is 5 and was 3: members and clients know',
    'Set 4, and run up for each',
  ],
  ['an earlier one', at(3), at(2), 'registry.rotate is 2 and was 3: passwords of before do not come back', 'or 4 for'],
  ['one of a database from before', older, at(1), 'it is from before there were rotations', 'Set it to 0, run up'],
])('refuses %s', (_, old, now, ...parts) => {
  const [reason, ...others] = reasons(old, now);
  expect(others).toEqual([]);
  for (const part of ['rotate: ', ...parts]) expect(reason).toContain(part);
});

test.each([-1, 1.5, 'one'])('refuses %s as a number of rotations', (rotate) => {
  expect(reasons(at(0), { ...older, rotate }).length).toBeGreaterThan(0);
});

test('refuses to begin with a rotation where there is data already: what its members know is not recorded', async () => {
  const { asking } = await clusterWith({ claims: [claim(0, 'fast')] });
  await expect(placement.create(asking, at(1))).rejects.toThrow('is not recorded');
  await expect(placement.create(asking, at(0))).resolves.toMatchObject({ id: 'registry' });
});

describe('the next rotation', () => {
  const completed = (value: string) => [{ ...metadata('registry-rotation'), data: { completed: value } }];

  /** What preview and update, which must agree, say of it. */
  async function said(configmaps: ReturnType<typeof completed>): Promise<string | undefined> {
    const { asking } = await clusterWith({ configmaps });
    const told = (attempt: Promise<unknown>) =>
      attempt.then(
        () => undefined,
        (error: unknown) => (error as Error).message,
      );
    const old = { inputs: at(3), outputs: at(3) };
    const foreseen = await told(placement.foresee(asking, at(4), old));
    expect(await told(placement.update(asking, { id: 'registry', ...old }, at(4)))).toBe(foreseen);
    return foreseen;
  }

  test('comes after one that is completed', async () => {
    expect(await said(completed('3'))).toBeUndefined();
  });

  test.each([
    ['only the one before is completed', completed('2'), 'says "2"'],
    ['nothing is known to be', [], 'says nothing'],
  ])('does not where %s', async (_, configmaps, message) => {
    const refusal = await said(configmaps);
    expect(refusal).toContain(
      'registry.rotate is 4, and rotation 3 is not known to have reached all members and clients',
    );
    expect(refusal).toContain(message);
    expect(refusal).toContain('Set it back to 3 and run up until it succeeds; then rotate');
  });
});
