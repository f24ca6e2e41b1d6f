import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { type ServiceError, credentials } from '@grpc/grpc-js';
import type { PluginInfo } from '@pulumi/pulumi/proto/plugin_pb';
import { ResourceProviderClient } from '@pulumi/pulumi/proto/provider_grpc_pb';
import * as wire from '@pulumi/pulumi/proto/provider_pb';
import { Empty } from 'google-protobuf/google/protobuf/empty_pb';
import { decode, encode } from '../../../../embedded/engine/providers/random';
import { type PropertyMap, Secret, Unknown } from '../../../../embedded/engine/values/value';

const PROGRAM = path.resolve(__dirname, '../../../../embedded/pulumi/random/pulumi-resource-random');
const TYPE = 'random:index/randomPassword:RandomPassword';

let plugin: ChildProcess;
let client: ResourceProviderClient;

beforeAll(async () => {
  const started = spawn(PROGRAM, ['127.0.0.1:1'], { cwd: '/', stdio: ['pipe', 'pipe', 'inherit'] });
  plugin = started;
  const lines = createInterface(started.stdout)[Symbol.asyncIterator]();
  const { value: port } = (await lines.next()) as IteratorResult<string, undefined>;
  client = new ResourceProviderClient(`127.0.0.1:${port ?? ''}`, credentials.createInsecure());
});

afterAll(async () => {
  client.close();
  const closed = once(plugin, 'close');
  // As the CLI does when it is killed.
  plugin.stdin?.end();
  await closed;
});

function answer<T>(ask: (done: (error: ServiceError | null, response: T) => void) => unknown): Promise<T> {
  return new Promise((resolve, reject) => ask((error, response) => (error ? reject(error) : resolve(response))));
}

async function create(inputs: PropertyMap, preview: boolean): Promise<PropertyMap> {
  const request = new wire.CreateRequest().setType(TYPE).setProperties(encode(inputs)).setPreview(preview);
  const response = await answer<wire.CreateResponse>((done) => client.create(request, done));
  return decode(response.getProperties());
}

test('says of itself that it is a stand-in', async () => {
  const info = await answer<PluginInfo>((done) => client.getPluginInfo(new Empty(), done));
  expect(info.getVersion()).toContain('stand-in');
});

test('takes the version that the CLI has every provider look at', async () => {
  const request = new wire.CheckRequest().setNews(encode({ version: '4.21.2' }));
  const response = await answer<wire.CheckResponse>((done) => client.checkConfig(request, done));
  expect(response.getFailuresList()).toEqual([]);
  expect(decode(response.getInputs())).toEqual({ version: '4.21.2' });
});

test('makes a password as it was asked for, secret in preview and state', async () => {
  const { result } = await create({ length: 20, special: false }, false);
  expect(result).toBeInstanceOf(Secret);
  expect((result as Secret).value).toMatch(/^[A-Za-z0-9]{20}$/);
  const previewed = await create({ length: 20 }, true);
  expect((previewed.result as Secret).value).toBeInstanceOf(Unknown);
});

/** What the official provider writes, and this one does not. */
const official = { length: 20, special: false, result: new Secret('a'.repeat(20)), bcryptHash: new Secret('$2a$10$') };

test.each([
  ['is unchanged', { length: 20, special: false }, []],
  ['is replaced by any other input', { length: 21, special: false }, ['length']],
])('what the official provider made %s', async (_, inputs, replaces) => {
  const request = new wire.DiffRequest()
    .setType(TYPE)
    .setOldInputs(encode({ length: 20, special: false }))
    .setOlds(encode(official))
    .setNews(encode(inputs));
  const response = await answer<wire.DiffResponse>((done) => client.diff(request, done));
  const { DIFF_SOME, DIFF_NONE } = wire.DiffResponse.DiffChanges;
  expect(response.getChanges()).toBe(replaces.length > 0 ? DIFF_SOME : DIFF_NONE);
  expect(response.getReplacesList()).toEqual(replaces);
});

test('a refresh keeps all that the official provider made', async () => {
  const request = new wire.ReadRequest().setType(TYPE).setId('none').setProperties(encode(official));
  const response = await answer<wire.ReadResponse>((done) => client.read(request, done));
  expect(decode(response.getProperties())).toEqual(official);
});

test('what it does not know is refused with the way out', async () => {
  const request = new wire.CheckRequest().setType(TYPE).setNews(encode({ length: 20, minUpper: 3 }));
  const response = await answer<wire.CheckResponse>((done) => client.check(request, done));
  expect(response.getFailuresList().map((failure) => failure.getReason())).toEqual([
    expect.stringMatching(/official random provider/),
  ]);
});
