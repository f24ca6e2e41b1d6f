import { type Server, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { packageRule } from '../../../../policies/packaging';
import { dryRunFindings } from '../../../../policies/proof/dry-run';
import type { Finding } from '../../../../policies/proof';
import { executorFinding, runnablePolicies } from '../../../../policies/proof/runnable';
import { networkConfig } from '../../../network-config';
import { Engine } from '../../policies/provider/managed';
import { RealNetwork } from '../../policies/provider/real-network';

const uri = 'aiosv1.policies.cluster-controller-gateway.max-nodes:v0.0.1-stable';
const context = { signal: new AbortController().signal, status: () => undefined };

let network: RealNetwork;
let engine: Engine;
let code: Server;
let served: Buffer | undefined;
let codeUrl: string;

beforeEach(async () => {
  network = new RealNetwork();
  engine = new Engine(await network.start());
  code = createServer((_request, response) => {
    if (served) response.end(served);
    else response.writeHead(404).end();
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => code.once('listening', resolve));
  codeUrl = `http://127.0.0.1:${(code.address() as AddressInfo).port}`;
});
afterEach(async () => {
  await network.stop();
  code.closeAllConnections();
  code.close();
});

const config = () =>
  networkConfig({
    policies: {
      bindings: { add_node: { policy: 'max-nodes', parameters: { max: 2 } } },
      code: { uploadUrl: codeUrl },
    },
  });

/** As `up` leaves it. */
function onboard(changes: Record<string, unknown> = {}): void {
  const [rule] = config().policies.rules;
  if (!rule) throw new Error('the stack uses no rule');
  const { content, sha256 } = packageRule(rule.rule);
  served = content;
  network.policies = [
    {
      policy_rule_uri: uri,
      resource_estimates: {},
      code: `${codeUrl}/max-nodes.tar.gz`,
      metadata: { code_sha256: sha256 },
      ...changes,
    },
  ];
}

const found = (uris = [uri]) => runnablePolicies(engine.services, context, config().policies, uris);

test('a policy that is onboarded, with its archive, can be run', async () => {
  onboard();
  expect(await found()).toEqual([{ subject: uri, text: 'onboarded, its archive is there', state: 'good' }]);
});

test.each<[what: string, breakIt: () => void, text: RegExp, state: Finding['state']]>([
  ['was deleted', () => (network.policies = []), /is not onboarded: everything that asks it is denied/, 'bad'],
  ['has lost its archive', () => (served = undefined), /its archive is not at .*: HTTP 404/, 'bad'],
  ['has another archive', () => (served = Buffer.from('other')), /its checksum differs/, 'bad'],
  ['has another address', () => onboard({ code: 'http://127.0.0.1:1/x.tar.gz' }), /takes its code from/, 'bad'],
  ['has other code', () => onboard({ metadata: { code_sha256: 'a'.repeat(64) } }), /other code than the rule/, 'bad'],
])('a policy that %s cannot', async (_, breakIt, text, state) => {
  onboard();
  breakIt();
  expect(await found()).toEqual([{ subject: uri, text: expect.stringMatching(text) as string, state }]);
});

test('an address of somebody else that cannot be reached from here is told apart from one that is wrong', async () => {
  onboard({ policy_rule_uri: 'theirs:v1-stable', code: 'http://127.0.0.1:1/x.tar.gz' });
  expect(await found(['theirs:v1-stable'])).toEqual([expect.objectContaining({ state: 'unknown' })]);
  onboard({ policy_rule_uri: 'theirs:v1-stable', code: 'no URL' });
  expect(await found(['theirs:v1-stable'])).toEqual([expect.objectContaining({ state: 'bad' })]);
});

test('a policies system without its database proves nothing, however fast it answers', async () => {
  onboard();
  network.databaseFails = true;
  await expect(found()).rejects.toThrow('nothing is concluded from that');
  await expect(executorFinding(engine.services, context, 'executor-001')).rejects.toThrow('nothing is concluded');
});

test('all policies are looked for at once, and one of an older release hides no other', async () => {
  onboard();
  network.calls.length = 0;
  expect(await found([uri, 'theirs:v1-stable'])).toMatchObject([{ state: 'good' }, { state: 'bad' }]);
  expect(network.calls).toEqual(['POST /policy/query']);
  network.policies.push({ policy_rule_uri: 'old:v1-stable', code: codeUrl });
  expect(await found([uri, 'theirs:v1-stable'])).toMatchObject([{ state: 'good' }, { state: 'bad' }]);
});

test('an executor that is not registered is told', async () => {
  expect(await executorFinding(engine.services, context, 'executor-001')).toMatchObject({ state: 'bad' });
  network.executors = [{ executor_id: 'executor-001' }];
  expect(await executorFinding(engine.services, context, 'executor-001')).toMatchObject({ state: 'good' });
});

describe('a dry run of the gateway', () => {
  const run = () => dryRunFindings(engine.services, context, config().policies);
  const hasNodes = (count: number) => network.clusters.set('c-1', { id: 'c-1', nodes: { count } });
  const answer = (allowed: boolean) => (network.dryRun = () => ({ body: { success: true, allowed } }));

  test('agrees where the rule decides the same here', async () => {
    hasNodes(1);
    answer(true);
    expect(await run()).toEqual([expect.objectContaining({ state: 'good' })]);
    hasNodes(2);
    answer(false);
    expect(await run()).toEqual([expect.objectContaining({ state: 'good' })]);
  });

  test('differs where it does not, and does not where only the cluster refuses', async () => {
    hasNodes(2);
    answer(true);
    expect(await run()).toEqual([expect.objectContaining({ state: 'bad' })]);
    hasNodes(1);
    network.dryRun = () => ({ body: { success: true, allowed: false, cluster_response: { allowed: false } } });
    expect(await run()).toEqual([expect.objectContaining({ state: 'good' })]);
  });

  test('says nothing without a cluster, or where the gateway has no such call', async () => {
    expect(await run()).toEqual([]);
    hasNodes(1);
    expect(await run()).toEqual([]);
  });

  test('of a rule that reads metrics, which are not known here, is compared with nothing, and says so', async () => {
    hasNodes(1);
    answer(false);
    const { policies } = config();
    const readsMetrics = policies.rules.map((rule) => ({
      ...rule,
      rule: { ...rule.rule, files: [...rule.rule.files, { path: 'x.py', content: Buffer.from('cluster_metrics') }] },
    }));
    const found = await dryRunFindings(engine.services, context, { ...policies, rules: readsMetrics });
    expect(found).toEqual([
      expect.objectContaining({
        state: 'good',
        text: expect.stringContaining('as it reads cluster_metrics, nothing is compared') as string,
      }),
    ]);
  });

  test.each([
    [true, 'good'],
    [false, 'bad'],
  ])('of a removal asks for a node by its id: allowed %s is %s where the rule allows', async (allowed, state) => {
    const audited = networkConfig({
      policies: { bindings: { remove_node: { policy: 'audit-only' } }, code: { uploadUrl: codeUrl } },
    });
    hasNodes(1);
    answer(allowed);
    const found = await dryRunFindings(engine.services, context, audited.policies);
    expect(found).toEqual([expect.objectContaining({ subject: 'remove_node, dry run', state })]);
    expect(network.calls.filter((call) => call.includes('dry_run'))).toEqual([
      expect.stringMatching(/^POST \/pre-check-policies\/remove_node\/dry_run\/c-1\/\S+$/),
    ]);
  });

  test('that fails is told with the reason, which may be the metrics of the cluster', async () => {
    hasNodes(1);
    network.dryRun = () => ({ status: 500, body: { error: 'Failed to retrieve cluster metrics' } });
    expect(await run()).toEqual([
      expect.objectContaining({ state: 'unknown', text: expect.stringContaining('cluster metrics') as string }),
    ]);
  });
});
