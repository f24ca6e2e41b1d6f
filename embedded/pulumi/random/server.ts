import { Server, type UntypedServiceImplementation, type handleUnaryCall, status } from '@grpc/grpc-js';
import { PluginInfo } from '@pulumi/pulumi/proto/plugin_pb';
import { ResourceProviderService } from '@pulumi/pulumi/proto/provider_grpc_pb';
import * as wire from '@pulumi/pulumi/proto/provider_pb';
import { Empty } from 'google-protobuf/google/protobuf/empty_pb';
import {
  type CheckResult,
  type DiffKind,
  type DiffResult,
  type Provider,
  decode,
  encode,
} from '../../engine/providers/random';
import { messageOf } from '../../shared/errors';

const DIFF_KINDS: Record<DiffKind, wire.PropertyDiff.Kind> = {
  add: wire.PropertyDiff.Kind.ADD,
  delete: wire.PropertyDiff.Kind.DELETE,
  update: wire.PropertyDiff.Kind.UPDATE,
  'add-replace': wire.PropertyDiff.Kind.ADD_REPLACE,
  'delete-replace': wire.PropertyDiff.Kind.DELETE_REPLACE,
  'update-replace': wire.PropertyDiff.Kind.UPDATE_REPLACE,
};

/** Inputs of a provider that say which plugin it is, and set nothing. */
const OF_THE_ENGINE = ['version', 'pluginDownloadURL', '__internal'];

/** A provider of the embedded engine, which makes and finds all at once and waits for nothing, as a gRPC service. */
export function serverOf(provider: Provider, version: string): Server {
  const implementation: UntypedServiceImplementation = {
    getPluginInfo: unary(() => new PluginInfo().setVersion(version)),
    checkConfig: unary(async (request: wire.CheckRequest) => {
      const { newInputs, ...call } = check(request);
      const settings = Object.entries(newInputs).filter(([key]) => !OF_THE_ENGINE.includes(key));
      const { failures } = await provider.checkConfig({ ...call, newInputs: Object.fromEntries(settings) });
      return checkResponse({ inputs: newInputs, failures });
    }),
    diffConfig: unary(async (request: wire.DiffRequest) => diffResponse(await provider.diffConfig(diff(request)))),
    configure: unary(async (request: wire.ConfigureRequest) => {
      await provider.configure(decode(request.getArgs()));
      return new wire.ConfigureResponse().setAcceptsecrets(true).setSupportspreview(true);
    }),
    check: unary(async (request: wire.CheckRequest) => checkResponse(await provider.check(check(request)))),
    diff: unary(async (request: wire.DiffRequest) => diffResponse(await provider.diff(diff(request)))),
    create: unary(async (request: wire.CreateRequest) => {
      const inputs = decode(request.getProperties());
      const call = { ...subject(request), noteIntent: () => Promise.resolve(), timeout: 0 };
      const { id, outputs } = await provider.create({ ...call, inputs, preview: request.getPreview() });
      return new wire.CreateResponse().setId(id).setProperties(encode(outputs));
    }),
    read: unary(async (request: wire.ReadRequest) => {
      const [inputs, outputs] = [decode(request.getInputs()), decode(request.getProperties())];
      const found = await provider.read({ ...subject(request), id: request.getId(), inputs, outputs });
      const response = new wire.ReadResponse();
      if (!found) return response;
      return response.setId(found.id).setInputs(encode(found.inputs)).setProperties(encode(found.outputs));
    }),
    delete: unary(async (request: wire.DeleteRequest) => {
      const [inputs, outputs] = [decode(request.getOldInputs()), decode(request.getProperties())];
      await provider.delete({ ...subject(request), id: request.getId(), inputs, outputs, timeout: 0 });
      return new Empty();
    }),
    cancel: unary(() => new Empty()),
  };
  const server = new Server();
  server.addService(ResourceProviderService, implementation);
  return server;
}

/** Which resource a message is about. */
interface Subject {
  getUrn(): string;
  getName(): string;
  getType(): string;
}

const subject = (message: Subject) => ({
  urn: message.getUrn(),
  name: message.getName(),
  type: message.getType(),
  signal: new AbortController().signal,
  status: () => undefined,
  warn: () => undefined,
});

const check = (request: wire.CheckRequest) => ({
  ...subject(request),
  oldInputs: decode(request.getOlds()),
  newInputs: decode(request.getNews()),
});

const diff = (request: wire.DiffRequest) => ({
  ...subject(request),
  id: request.getId(),
  oldInputs: decode(request.getOldInputs()),
  oldOutputs: decode(request.getOlds()),
  newInputs: decode(request.getNews()),
});

function checkResponse({ inputs, failures }: CheckResult): wire.CheckResponse {
  const found = failures.map(({ property, reason }) => new wire.CheckFailure().setProperty(property).setReason(reason));
  return new wire.CheckResponse().setInputs(encode(inputs)).setFailuresList(found);
}

function diffResponse({ changes, replaces, detailed }: DiffResult): wire.DiffResponse {
  const { DIFF_SOME, DIFF_NONE } = wire.DiffResponse.DiffChanges;
  const response = new wire.DiffResponse()
    .setChanges(changes ? DIFF_SOME : DIFF_NONE)
    .setReplacesList(replaces)
    .setDiffsList(Object.keys(detailed))
    .setHasdetaileddiff(true);
  for (const [property, kind] of Object.entries(detailed)) {
    response.getDetaileddiffMap().set(property, new wire.PropertyDiff().setKind(DIFF_KINDS[kind]).setInputdiff(true));
  }
  return response;
}

function unary<Request>(answer: (request: Request) => unknown): handleUnaryCall<Request, unknown> {
  return (call, callback) => {
    void (async () => {
      try {
        callback(null, await answer(call.request));
      } catch (error) {
        callback({ code: status.UNKNOWN, details: messageOf(error) });
      }
    })();
  };
}
