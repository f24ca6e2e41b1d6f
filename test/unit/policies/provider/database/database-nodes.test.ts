import { ApiClient } from '../../../../../kubernetes-api';
import { DatabaseNodes } from '../../../../../policies/provider/database/database-nodes';
import type { Call } from '../../../../../policies/provider/resource-handler';
import type { Services } from '../../../../../policies/provider/services/services';
import { TestServer, closeServers } from '../../../kubernetes-api/servers';
import { targetOf } from '../../../kubernetes-api/targets';

const NODES = ['worker-1', 'worker-2'];
const asked: string[] = [];
let call: Call;

beforeAll(async () => {
  const server = await TestServer.http(({ url = '' }, response) => {
    const name = url.split('/').pop() ?? '';
    asked.push(name);
    const code = name === 'secret-1' ? 403 : NODES.includes(name) ? 200 : 404;
    const body = code === 200 ? { metadata: { name } } : { kind: 'Status', apiVersion: 'v1', code, message: 'as told' };
    response.writeHead(code, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  });
  const client = new ApiClient(targetOf(server.url), 5);
  call = {
    urn: 'urn:pulumi:dev::aios-network::aios:database:DatabaseNodes::registry',
    services: { cluster: () => Promise.resolve(client) } as unknown as Services,
    signal: new AbortController().signal,
    status: () => undefined,
    warn: () => undefined,
  };
});

beforeEach(() => asked.splice(0));
afterAll(closeServers);

const inputs = (...nodes: string[]) => ({ section: 'registry', nodes });
const state = (...nodes: string[]) => ({ id: 'registry', inputs: inputs(...nodes), outputs: inputs(...nodes) });
const handler = new DatabaseNodes();

test('a node that the cluster does not have is refused by its key, before it comes to be and in previews', async () => {
  const refused = /^registry\.nodes: worker-9 is no node of the cluster, .*Mend the list/;
  await expect(handler.foresee(call, inputs('worker-1', 'worker-9'))).rejects.toThrow(refused);
  await expect(handler.create(call, inputs('worker-1', 'worker-9'))).rejects.toThrow(refused);
  await expect(handler.create(call, inputs(...NODES))).resolves.toEqual({ id: 'registry', outputs: inputs(...NODES) });
});

test('nodes that were there are not asked for again until a refresh, which finds out that they are gone', async () => {
  await handler.update(call, state('worker-9'), inputs('worker-9', 'worker-2'));
  expect(asked).toEqual(['worker-2']);
  const found = await handler.read(call, 'registry', state('worker-1', 'worker-9'));
  expect(found).toEqual(state('worker-1'));
  await expect(handler.update(call, state('worker-1'), inputs('worker-1', 'worker-9'))).rejects.toThrow('worker-9');
  const whole = state(...NODES);
  expect(await handler.read(call, 'registry', whole)).toEqual(whole);
});

test('what the API server says otherwise is told as its word, and proves nothing', async () => {
  await expect(handler.foresee(call, inputs('secret-1'))).rejects.toThrow('node secret-1: whether it is there');
});
