import type { JsonMap } from '../../../../../kubernetes-api';
import { DataPlacement } from '../../../../../policies/provider/database/data-placement';
import type { Properties } from '../../../../../policies/provider/wire/value';
import { closeServers } from '../../../kubernetes-api/servers';
import { claim, clusterWith, metadata } from './live-cluster';

afterEach(closeServers);

const placement = new DataPlacement();

const plain: Properties = {
  section: 'registry',
  statefulSet: 'registry',
  namespace: 'registries',
  replicas: 3,
  rotate: 0,
  size: { text: '10Gi', bytes: 10 * 2 ** 30 },
  storageClass: 'fast',
  stopped: false,
  protect: true,
  unsafe: { moveStorage: false, moveMembers: false },
};
const at = (mode: string, secret = 'registry-tls'): Properties => ({ ...plain, tls: { secret, mode } });
const STEPS = [plain, at('allow'), at('prefer'), at('require')];

const reasons = (old: Properties, now: Properties) =>
  placement.check(now, old).failures.map(({ property, reason }) => `${property}: ${reason}`);

describe('a change of the record', () => {
  test('goes from each step to the one before and the one after, and to no other', () => {
    STEPS.forEach((old, from) => {
      STEPS.forEach((now, to) => {
        expect([from, to, reasons(old, now).length]).toEqual([from, to, Math.abs(from - to) > 1 ? 1 : 0]);
      });
    });
  });

  test.each([
    [plain, at('require'), 'from plain text to require at once', 'Set registry.tls.mode: allow, run up'],
    [at('allow'), at('require'), 'from allow to require at once', 'Set registry.tls.mode: prefer, run up'],
    [at('prefer'), plain, 'from prefer to plain text at once', 'Set registry.tls.mode: allow, run up'],
  ])('that skips one is told the next', (old, now, ...parts) => {
    for (const part of ['tls: registry.tls would go', ...parts]) expect(reasons(old, now).join()).toContain(part);
  });

  test('to another Secret is made where nobody depends on the one before', () => {
    expect(reasons(at('allow'), at('allow', 'other'))).toEqual([]);
    expect(reasons(at('require'), at('require', 'other')).join()).toContain('registry.tls.secret is other and was');
    expect(reasons(at('allow'), at('prefer', 'other')).join()).toContain('go back to registry.tls.mode allow first');
  });
});

const MODES: Record<string, string[]> = {
  plain: [],
  allow: ['--tlsMode', 'allowTLS'],
  prefer: ['--tlsMode', 'preferTLS'],
};

const member = (name: string, step: string, phase = 'Running'): JsonMap => ({
  ...metadata(name),
  spec: { containers: [{ command: ['mongod'], args: ['--replSet', 'rs0', ...(MODES[step] ?? [])] }] },
  status: { phase },
});
const client = (name: string, variable: JsonMap, phase = 'Running'): JsonMap => ({
  ...metadata(name),
  spec: { containers: [{ env: [{ name: 'DB', ...variable }] }] },
  status: { phase },
});
const key = (of: string, name = 'registry-connection') => ({ valueFrom: { secretKeyRef: { name, key: of } } });

/** What preview and update, which must agree, say of a step with these pods. */
async function said(old: Properties | undefined, now: Properties, pods: JsonMap[]): Promise<string | undefined> {
  const { asking } = await clusterWith({ pods, claims: [claim(0, 'fast')] });
  const told = (attempt: Promise<unknown>) =>
    attempt.then(
      () => undefined,
      (error: unknown) => (error as Error).message,
    );
  const state = old && { inputs: old, outputs: old };
  const foreseen = await told(placement.foresee(asking, now, state));
  const done = state ? placement.update(asking, { id: 'registry', ...state }, now) : placement.create(asking, now);
  expect(await told(done)).toBe(foreseen);
  return foreseen;
}

describe('a step', () => {
  test('is taken where every member has come through the one before', async () => {
    const pods = [
      member('registry-0', 'allow'),
      member('registry-1', 'prefer'),
      member('registry-2', 'plain', 'Failed'),
    ];
    expect(await said(at('allow'), at('prefer'), pods)).toBeUndefined();
    const others = [member('metrics-db-0', 'plain'), client('registry-0-backup', key('x', 'other'))];
    expect(await said(at('allow'), at('prefer'), [...pods, ...others])).toBeUndefined();
  });

  test('waits for a member that has not, be it a pod of a StatefulSet or of a Deployment', async () => {
    for (const name of ['registry-2', 'registry-2-5d4f-x2x']) {
      const message = await said(at('allow'), at('prefer'), [member('registry-0', 'allow'), member(name, 'plain')]);
      expect(message).toContain(`registry.tls is to be at "prefer": ${name} is at "plain text". Nothing was changed.`);
      expect(message).toContain('Set registry.tls back to allow, run up until it ends well');
    }
  });

  test.each([
    ['a key of the Secret', key('blocks-db')],
    ['the key of before there were users', key('uri-blocks')],
    ['a connection string of its own', { value: 'mongodb://registry-0.registries.svc.cluster.local:27017/' }],
  ])('to require waits for who connects in plain text by %s', async (_, variable) => {
    const members = [member('registry-0', 'prefer')];
    const message = await said(at('prefer'), at('require'), [...members, client('blocks-db-5d4f-x2x', variable)]);
    expect(message).toContain('blocks-db-5d4f-x2x still connects in plain text');
    const gone = client('blocks-db-5d4f-x2x', variable, 'Succeeded');
    expect(await said(at('prefer'), at('require'), [...members, gone])).toBeUndefined();
  });

  test('to require is taken with who connects over TLS, or without credentials', async () => {
    const clients = [key('blocks-db-tls'), key('policies-public'), { value: 'mongodb://registry-0.x:27017/?tls=true' }];
    const pods = [member('registry-0', 'prefer'), ...clients.map((one, index) => client(`client-${index}`, one))];
    expect(await said(at('prefer'), at('require'), pods)).toBeUndefined();
  });

  test('back to plain text waits for who connects over TLS', async () => {
    const pods = [member('registry-0', 'allow'), client('blocks-db-5d4f-x2x', key('blocks-db-tls'))];
    expect(await said(at('allow'), plain, pods)).toContain('blocks-db-5d4f-x2x still connects over TLS');
  });

  test('that is half done can be taken back', async () => {
    expect(
      await said(at('allow'), plain, [member('registry-0', 'plain'), member('registry-1', 'allow')]),
    ).toBeUndefined();
  });
});

test('data that is kept, and nobody uses, begins at any step; a living set of a lost state does not', async () => {
  expect(await said(undefined, at('require'), [])).toBeUndefined();
  expect(await said(undefined, at('require'), [member('registry-0', 'plain')])).toContain(
    'registry-0 is at "plain text"',
  );
});
