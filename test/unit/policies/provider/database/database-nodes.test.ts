import { ApiClient } from '../../../../../kubernetes-api';
import { DatabaseNodes } from '../../../../../policies/provider/database/database-nodes';
import type { Call } from '../../../../../policies/provider/resource-handler';
import type { Services } from '../../../../../policies/provider/services/services';
import { TestServer, closeServers } from '../../../kubernetes-api/servers';
import { targetOf } from '../../../kubernetes-api/targets';

const NODES = ['worker-1', 'worker-2', 'cloud-1', 'kept-out', 'bare'];
const LABELS: Readonly<Record<string, Record<string, string> | undefined>> = {
  'worker-1': { 'kubernetes.io/hostname': 'worker-1', registry: 'yes' },
  'cloud-1': { 'kubernetes.io/hostname': 'ip-10-0-0-1' },
  'kept-out': { registry: 'no' },
};
const asked: string[] = [];
const warned: string[] = [];
let call: Call;

beforeAll(async () => {
  const server = await TestServer.http(({ url = '' }, response) => {
    const name = url.split('/').pop() ?? '';
    asked.push(name);
    const code = name === 'secret-1' ? 403 : NODES.includes(name) ? 200 : 404;
    const body =
      code === 200
        ? { metadata: { name, labels: LABELS[name] } }
        : { kind: 'Status', apiVersion: 'v1', code, message: 'as told' };
    response.writeHead(code, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  });
  const client = new ApiClient(targetOf(server.url), 5);
  call = {
    urn: 'urn:pulumi:dev::aios-network::aios:database:DatabaseNodes::registry',
    services: { cluster: () => Promise.resolve(client) } as unknown as Services,
    signal: new AbortController().signal,
    status: () => undefined,
    warn: (message) => warned.push(message),
  };
});

beforeEach(() => {
  asked.length = 0;
  warned.length = 0;
});
afterAll(closeServers);

const inputs = (...nodes: string[]) => ({ section: 'registry', nodes, labels: { registry: 'yes' }, hostnames: {} });
const state = (...nodes: string[]) => ({ id: 'registry', inputs: inputs(...nodes), outputs: inputs(...nodes) });
const handler = new DatabaseNodes();

test('a node that the cluster does not have is refused by its key, before it comes to be and in previews', async () => {
  const refused = /^registry\.nodes: worker-9 is no node of the cluster, .*Mend the list/;
  await expect(handler.foresee(call, inputs('worker-1', 'worker-9'))).rejects.toThrow(refused);
  await expect(handler.create(call, inputs('worker-1', 'worker-9'))).rejects.toThrow(refused);
  await expect(handler.create(call, inputs('worker-1', 'worker-2'))).resolves.toMatchObject({
    id: 'registry',
  });
});

test('nodes that were there are not asked for again until a refresh, which finds out that they are gone', async () => {
  await handler.update(call, state('worker-9'), inputs('worker-9', 'worker-2'));
  expect(asked).toEqual(['worker-2']);
  const found = await handler.read(call, 'registry', state('worker-1', 'worker-9'));
  expect(found).toEqual(state('worker-1'));
  await expect(handler.update(call, state('worker-1'), inputs('worker-1', 'worker-9'))).rejects.toThrow('worker-9');
  const whole = state('worker-1', 'worker-2');
  expect(await handler.read(call, 'registry', whole)).toEqual(whole);
});

test('what the API server says otherwise is told as its word, and proves nothing', async () => {
  await expect(handler.foresee(call, inputs('secret-1'))).rejects.toThrow('node secret-1: whether it is there');
});

test.each([
  ['cloud-1', 'is ip-10-0-0-1, and .* Write the node as { name: cloud-1, hostname: ip-10-0-0-1 }'],
  ['bare', 'is missing, and .* kubectl label node bare kubernetes.io/hostname=bare sets it'],
])(
  'directories of node %s, whose hostname is not its name, are refused: their member would wait for ever',
  async (node, words) => {
    const bound = { ...inputs(node), hostnames: { [node]: node } };
    const refused = new RegExp(`^registry\\.nodes: the label kubernetes.io/hostname of node ${node} ${words}`);
    await expect(handler.foresee(call, bound)).rejects.toThrow(refused);
    await expect(handler.create(call, bound)).rejects.toThrow(refused);
    await expect(handler.foresee(call, inputs(node))).resolves.toBeUndefined();
  },
);

test('a hostname that was mended, or was never looked at, is looked at', async () => {
  const mended = { ...inputs('cloud-1'), hostnames: { 'cloud-1': 'ip-10-0-0-1' } };
  const old = { ...state('cloud-1'), inputs: { section: 'registry', nodes: ['cloud-1'] } };
  await handler.update(call, old, mended);
  expect(asked).toEqual(['cloud-1']);
  await handler.update(call, { ...old, inputs: mended }, mended);
  expect(asked).toHaveLength(1);
});

test('a label of somebody else is not taken over without a word, and our own needs none', async () => {
  await handler.foresee(call, inputs('kept-out', 'worker-1', 'worker-2'));
  expect(warned).toEqual([
    expect.stringMatching(/^node kept-out has the label registry=no of somebody else, and gets registry=yes/),
  ]);
});
