import { type ClientUnaryCall, Metadata, type ServiceError, status } from '@grpc/grpc-js';
import type { ResourceProviderClient } from '@pulumi/pulumi/proto/provider_grpc_pb';
import * as proto from '@pulumi/pulumi/proto/provider_pb';
import type { Empty } from 'google-protobuf/google/protobuf/empty_pb';
import { Status } from '@pulumi/pulumi/proto/status_pb';
import { onAbort } from '../../../../kubernetes-api';

/** The calls of the generated client that this engine makes. */
export interface Calls {
  checkConfig: { request: proto.CheckRequest; response: proto.CheckResponse };
  diffConfig: { request: proto.DiffRequest; response: proto.DiffResponse };
  configure: { request: proto.ConfigureRequest; response: proto.ConfigureResponse };
  check: { request: proto.CheckRequest; response: proto.CheckResponse };
  diff: { request: proto.DiffRequest; response: proto.DiffResponse };
  create: { request: proto.CreateRequest; response: proto.CreateResponse };
  read: { request: proto.ReadRequest; response: proto.ReadResponse };
  update: { request: proto.UpdateRequest; response: proto.UpdateResponse };
  delete: { request: proto.DeleteRequest; response: Empty };
  cancel: { request: Empty; response: Empty };
}

export type CallName = keyof Calls;

type Answer<K extends CallName> = (error: ServiceError | null, response: Calls[K]['response']) => void;

/** How a call ends that Ctrl-C may interrupt: what the other side still answers may tell of an object that it has made. */
export interface Interruption {
  signal: AbortSignal;
  /** Asks the other side to come to an end. */
  cancel: () => void;
  /** How long it then has to answer. */
  graceMs: number;
}

/**
 * One call as a promise. Rejects with the ServiceError as it is.
 *
 * @throws an Error "interrupted" for a call that has been, and was not answered
 */
export function send<K extends CallName>(
  client: ResourceProviderClient,
  name: K,
  request: Calls[K]['request'],
  interruption?: Interruption,
): Promise<Calls[K]['response']> {
  if (interruption?.signal.aborted) return Promise.reject(new Error('interrupted before it began'));
  return new Promise((resolve, reject) => {
    let timer: NodeJS.Timeout | undefined;
    const answer: Answer<K> = (error, response) => {
      clearTimeout(timer);
      forget?.();
      const isInterrupted = error?.code === status.CANCELLED && interruption?.signal.aborted === true;
      if (error) reject(isInterrupted ? new Error('interrupted') : error);
      else resolve(response);
    };
    // TypeScript cannot pick the overload of a method whose name is a type parameter.
    const call = client[name] as unknown as (request: Calls[K]['request'], answer: Answer<K>) => ClientUnaryCall;
    const running = call.call(client, request, answer);
    const forget =
      interruption &&
      onAbort(interruption.signal, () => {
        timer = setTimeout(() => running.cancel(), interruption.graceMs);
        interruption.cancel();
      });
  });
}

export function isServiceError(error: unknown): error is ServiceError {
  return error instanceof Error && 'metadata' in error && error.metadata instanceof Metadata && 'details' in error;
}

export const isUnimplemented = (error: unknown) => isServiceError(error) && error.code === status.UNIMPLEMENTED;

/** The state of a resource that was made or changed but did not come up, if that is what the error tells. */
export function initFailure(error: ServiceError): proto.ErrorResourceInitFailed | undefined {
  for (const trailer of error.metadata.get('grpc-status-details-bin')) {
    for (const detail of Status.deserializeBinary(Buffer.from(trailer)).getDetailsList()) {
      const failure = detail.unpack(
        (bytes) => proto.ErrorResourceInitFailed.deserializeBinary(bytes),
        'pulumirpc.ErrorResourceInitFailed',
      );
      if (failure) return failure;
    }
  }
  return undefined;
}
