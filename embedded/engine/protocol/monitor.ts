import { type ServiceError, type UntypedServiceImplementation, type handleUnaryCall, status } from '@grpc/grpc-js';
import {
  DeploymentInfo,
  type RegisterResourceOutputsRequest,
  type RegisterResourceRequest,
  RegisterResourceResponse,
  type SupportsFeatureRequest,
  SupportsFeatureResponse,
} from '@pulumi/pulumi/proto/resource_pb';
import { Empty } from 'google-protobuf/google/protobuf/empty_pb';
import { messageOf } from '../../shared/errors';
import type { Deployment } from '../deployment/deployment';
import { goalOf } from '../deployment/goal';
import { register, registerOutputs } from '../deployment/register';
import { RunEnding } from '../deployment/run';
import { isProviderType } from '../state/urn';
import { decode, encode } from '../values/wire';

/** Answered with yes only where the engine really does it: the SDK refuses to use the others with an error of its own. */
const FEATURES = new Set(['secrets', 'aliasSpecs']);

/**
 * What the program asks of the engine: Pulumi's ResourceMonitor service.
 *
 * @param loading the deployment, which may take longer to load than the program to start
 */
export function resourceMonitor(loading: Promise<Deployment>): UntypedServiceImplementation {
  return {
    getDeploymentInfo: unary(() => Promise.resolve(new DeploymentInfo())),
    supportsFeature: unary((request: SupportsFeatureRequest) =>
      Promise.resolve(new SupportsFeatureResponse().setHassupport(FEATURES.has(request.getId()))),
    ),
    registerResource: unary(async (request: RegisterResourceRequest) => registerResource(await loading, request)),
    readResource: unsupported('resources that are only read (get, StackReference)'),
    registerResourceOutputs: unary(async (request: RegisterResourceOutputsRequest) => {
      registerOutputs(await loading, request.getUrn(), decode(request.getOutputs()));
      return new Empty();
    }),
    invoke: unsupported('functions of providers (invoke)'),
    call: unsupported('resource methods (call)'),
    registerStackTransform: unsupported('stack transforms'),
    registerStackInvokeTransform: unsupported('invoke transforms'),
    registerResourceHook: unsupported('resource hooks'),
    registerErrorHook: unsupported('error hooks'),
    registerPackage: unsupported('parameterized packages'),
    // Nothing here has to happen while the program still lives: no hooks run in it.
    signalAndWaitForShutdown: unary(() => Promise.resolve(new Empty())),
  };
}

async function registerResource(
  deployment: Deployment,
  request: RegisterResourceRequest,
): Promise<RegisterResourceResponse> {
  const { urn, id = '', custom, type, inputs, outputs } = await register(deployment, goalOf(request));
  const shown = custom && !isProviderType(type) ? outputs : inputs;
  return new RegisterResourceResponse().setUrn(urn).setId(id).setObject(encode(shown));
}

/** A gRPC handler of a promise. Once the run is ending, the program is told so in the way that makes it stop quietly. */
export function unary<Request, Response>(
  answer: (request: Request) => Promise<Response>,
): handleUnaryCall<Request, Response> {
  return (call, callback) => {
    answer(call.request).then(
      (response) => callback(null, response),
      (error: unknown) => callback(grpcError(error)),
    );
  };
}

const unsupported = (what: string) =>
  unary(() =>
    Promise.reject(new Error(`the embedded engine does not support ${what}: use the pulumi CLI for this program`)),
  );

function grpcError(error: unknown): Partial<ServiceError> {
  return { code: error instanceof RunEnding ? status.UNAVAILABLE : status.UNKNOWN, details: messageOf(error) };
}
