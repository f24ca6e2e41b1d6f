import {
  Server,
  type ServiceError,
  type UntypedServiceImplementation,
  type handleUnaryCall,
  status,
} from '@grpc/grpc-js';
import { ResourceProviderService } from '@pulumi/pulumi/proto/provider_grpc_pb';
import { PluginInfo } from '@pulumi/pulumi/proto/plugin_pb';
import type * as wire from '@pulumi/pulumi/proto/provider_pb';
import { Empty } from 'google-protobuf/google/protobuf/empty_pb';
import { messageOf } from '../errors';
import type { Provider } from './provider';

/** As in the CLI: a state can be larger than gRPC's default of 4 MB. */
const maxMessageBytes = 400 * 1024 * 1024;

const VERSION = '0.1.0';

/** The provider as a gRPC service. What is not here (schemas, components, functions) is answered as unimplemented. */
export function serverOf(provider: Provider): Server {
  const server = new Server({
    'grpc.max_receive_message_length': maxMessageBytes,
    'grpc.max_send_message_length': maxMessageBytes,
  });
  const implementation: UntypedServiceImplementation = {
    getPluginInfo: unary(() => new PluginInfo().setVersion(VERSION)),
    checkConfig: unary((request: wire.CheckRequest) => provider.checkConfig(request)),
    diffConfig: unary((request: wire.DiffRequest) => provider.diffConfig(request)),
    configure: unary((request: wire.ConfigureRequest) => provider.configure(request)),
    check: unary((request: wire.CheckRequest) => provider.check(request)),
    diff: unary((request: wire.DiffRequest) => provider.diff(request)),
    create: unary((request: wire.CreateRequest) => provider.create(request)),
    read: unary((request: wire.ReadRequest) => provider.read(request)),
    update: unary((request: wire.UpdateRequest) => provider.update(request)),
    delete: unary(async (request: wire.DeleteRequest) => {
      await provider.delete(request);
      return new Empty();
    }),
    cancel: unary(() => {
      provider.cancel();
      return new Empty();
    }),
  };
  server.addService(ResourceProviderService, implementation);
  return server;
}

function unary<Request>(answer: (request: Request) => unknown): handleUnaryCall<Request, unknown> {
  return (call, callback) => {
    void (async () => {
      try {
        callback(null, await answer(call.request));
      } catch (error) {
        callback(isServiceError(error) ? error : { code: status.UNKNOWN, details: messageOf(error) });
      }
    })();
  };
}

const isServiceError = (error: unknown): error is Partial<ServiceError> =>
  typeof error === 'object' && error !== null && 'code' in error && 'details' in error;
