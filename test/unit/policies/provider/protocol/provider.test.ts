import { Metadata, type ServiceError } from '@grpc/grpc-js';
import * as wire from '@pulumi/pulumi/proto/provider_pb';
import { Status } from '@pulumi/pulumi/proto/status_pb';
import { EngineLog } from '../../../../../policies/provider/engine-log';
import { Provider } from '../../../../../policies/provider/protocol/provider';
import { decode, encode } from '../../../../../policies/provider/wire/struct';
import { type Properties, Secret, isProperties, unknown } from '../../../../../policies/provider/wire/value';
import { timing } from '../managed';
import { withNetwork } from '../../../embedded/network/temporary-network';
import type { InProcessNetwork } from '../../../../../embedded/network';

const uri = (name: string) => `aiosv1.policies.gateway.${name}:v0.0.1-stable`;
const type = 'aios:governance:PreCheckPolicies';
const urn = `urn:pulumi:dev::network::${type}::policies`;

/** What would be shown to the user. */
class RecordingLog extends EngineLog {
  readonly lines: string[] = [];

  constructor() {
    super(undefined);
  }

  override warn(_urn: string, message: string): void {
    this.lines.push(message);
  }
}

function configured(addresses: Pick<InProcessNetwork, 'gateway' | 'policiesSystem' | 'clustersRegistry'>) {
  const log = new RecordingLog();
  const provider = new Provider(log, timing);
  const args = {
    gateway: { url: addresses.gateway, token: new Secret('token-of-mine') },
    policiesSystem: { url: addresses.policiesSystem },
    clustersRegistry: { url: addresses.clustersRegistry },
  };
  provider.configure(new wire.ConfigureRequest().setArgs(encode(args)));
  return { provider, log };
}

const nowhere = {
  gateway: 'http://127.0.0.1:1',
  policiesSystem: 'http://127.0.0.1:1',
  clustersRegistry: 'http://127.0.0.1:1',
};
const create = (inputs: Properties, preview: boolean) =>
  new wire.CreateRequest().setUrn(urn).setType(type).setProperties(encode(inputs)).setPreview(preview);

const update = (olds: Properties, outputs: Properties, news: Properties) =>
  new wire.UpdateRequest()
    .setUrn(urn)
    .setType(type)
    .setId('network')
    .setOldInputs(encode(olds))
    .setOlds(encode(outputs))
    .setNews(encode(news))
    .setPreview(true);

describe('a preview', () => {
  test('asks no service, says what is known, and that a policy is never asked', async () => {
    const { provider, log } = configured(nowhere);
    const inputs = { unlisted: 'remove', bindings: { add_block: { policy: uri('blocks') } } };
    const planned = decode((await provider.create(create(inputs, true))).getProperties());
    expect(planned).toMatchObject({ effective: { add_block: uri('blocks') }, previous: unknown });
    await provider.create(create(inputs, true));
    expect(log.lines).toEqual([expect.stringMatching(/^add_block: stored, but is never asked/)]);

    const later = { unlisted: 'remove', bindings: { add_node: { policy: unknown } } };
    expect(decode((await provider.create(create(later, true))).getProperties()).effective).toBe(unknown);
  });

  test('of an update knows the outputs that the update will have', async () => {
    const { provider } = configured(nowhere);
    const olds = { unlisted: 'keep', bindings: { remove_cluster: { policy: uri('a') } } };
    const outputs = { effective: { remove_cluster: uri('a'), foreign: 1 }, previous: { foreign: 1 } };
    const news = { unlisted: 'keep', bindings: { remove_node: { policy: uri('b') } } };
    const response = await provider.update(update(olds, outputs, news));
    expect(decode(response.getProperties())).toMatchObject({
      effective: { foreign: 1, remove_node: { policyRuleURI: uri('b'), parameters: null } },
      previous: { foreign: 1 },
    });
  });
});

test('a diff names paths and kinds, and asks no service', async () => {
  const { provider } = configured(nowhere);
  const diff = async (kind: string, olds: Properties, news: Properties) => {
    const request = new wire.DiffRequest().setUrn(urn).setType(`aios:governance:${kind}`);
    const response = await provider.diff(
      request.setOldInputs(encode(olds)).setOlds(encode(olds)).setNews(encode(news)),
    );
    const details = Object.fromEntries(
      response
        .getDetaileddiffMap()
        .getEntryList()
        .map(([path]) => [path, true]),
    );
    return { changes: response.getChanges(), paths: Object.keys(details), replaces: response.getReplacesList() };
  };
  const bindings = (name: string) => ({ bindings: { add_node: { policy: uri(name) } } });
  expect(await diff('PreCheckPolicies', bindings('a'), bindings('b'))).toEqual({
    changes: wire.DiffResponse.DiffChanges.DIFF_SOME,
    paths: ['bindings.add_node.policy'],
    replaces: [],
  });
  expect((await diff('PreCheckPolicies', bindings('a'), bindings('a'))).changes).toBe(
    wire.DiffResponse.DiffChanges.DIFF_NONE,
  );
  expect((await diff('ClusterPreCheckPolicies', { clusterId: 'a' }, { clusterId: 'b' })).replaces).toEqual([
    'clusterId',
  ]);
  expect((await diff('Policy', { version: 'v1' }, { version: 'v2' })).replaces).toEqual(['version']);
  expect((await diff('PolicyExecutor', { executorId: 'a' }, { executorId: unknown })).replaces).toEqual(['executorId']);
});

test('a changed endpoint updates the provider, and replaces nothing', () => {
  const { provider } = configured(nowhere);
  const config = (port: number) => encode({ gateway: { url: `http://127.0.0.1:${port}` } });
  const request = new wire.DiffRequest().setOldInputs(config(1)).setOlds(config(1)).setNews(config(2));
  const response = provider.diffConfig(request);
  expect(
    response
      .getDetaileddiffMap()
      .getEntryList()
      .map(([path]) => path),
  ).toEqual(['gateway.url']);
  expect(response.getReplacesList()).toEqual([]);
});

test('a secret stays one on the wire, and out of errors that repeat it', () =>
  withNetwork({ token: 'token-of-mine' }, async (network) => {
    const { provider } = configured(network);
    const parameters = { key: new Secret('hunter22') };
    const inputs = {
      unlisted: 'keep',
      bindings: { add_node: { policy: uri('x'), parameters }, remove_node: { policy: uri('x') } },
    };
    const made = decode((await provider.create(create(inputs, false))).getProperties());
    const { effective } = made;
    expect(isProperties(effective) && effective.add_node).toBeInstanceOf(Secret);
    expect(isProperties(effective) && effective.remove_node).toEqual({ policyRuleURI: uri('x'), parameters: null });

    const echo = { error: `cannot store hunter22 for token-of-mine` };
    network.inject('gateway', { kind: 'answer', status: 500, body: echo });
    const failure = await provider.create(create(inputs, false)).catch((error: unknown) => error as ServiceError);
    const { details } = failure as ServiceError;
    expect(details).toContain('cannot store [secret] for [secret]');
  }));

test(
  'what was written before a failure reaches the state',
  () =>
    withNetwork({ token: 'token-of-mine' }, async (network) => {
      const { provider } = configured(network);
      network.inject(
        'gateway',
        { kind: 'answer', status: 500, body: { error: 'disk full' } },
        { matching: ({ method }) => method === 'POST' },
      );
      const inputs = { unlisted: 'keep', replicas: 1, bindings: { remove_node: { policy: uri('x') } } };
      const error = await provider.create(create(inputs, false)).catch((caught: unknown) => caught as ServiceError);
      const { metadata } = error as ServiceError;
      expect(metadata).toBeInstanceOf(Metadata);
      const [trailer] = metadata.get('grpc-status-details-bin');
      const [detail] = Status.deserializeBinary(Buffer.from(trailer as Buffer)).getDetailsList();
      const failed = detail?.unpack(
        (bytes) => wire.ErrorResourceInitFailed.deserializeBinary(bytes),
        'pulumirpc.ErrorResourceInitFailed',
      );
      expect(failed?.getId()).toBe('network');
      expect(decode(failed?.getProperties()).previous).toEqual({});
      expect(failed?.getReasonsList()).toEqual([expect.stringMatching(/disk full/)]);
    }),
  20_000,
);

test('cancel, and the time that customTimeouts give, end a call that waits', () =>
  withNetwork({ timeScale: 1, token: 'token-of-mine' }, async (network) => {
    network.inject('gateway', { kind: 'latency', milliseconds: 60_000 });
    const { provider } = configured(network);
    const inputs = { unlisted: 'keep', replicas: 1, bindings: {} };
    const timed = provider.create(create(inputs, false).setTimeout(0.1));
    await expect(timed).rejects.toMatchObject({
      details: expect.stringContaining('not done within the 0.1 s') as string,
    });
    const cancelled = provider.create(create(inputs, false));
    provider.cancel();
    await expect(cancelled).rejects.toMatchObject({ details: 'cancelled' });
  }));
