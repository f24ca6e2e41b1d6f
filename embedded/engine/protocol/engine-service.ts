import type { IEngineServer } from '@pulumi/pulumi/proto/engine_grpc_pb';
import {
  type GetRootResourceRequest,
  GetRootResourceResponse,
  type LogRequest,
  LogSeverity,
  type RequirePulumiVersionRequest,
  RequirePulumiVersionResponse,
  type SetRootResourceRequest,
  SetRootResourceResponse,
  type StartDebuggingRequest,
} from '@pulumi/pulumi/proto/engine_pb';
import { Empty } from 'google-protobuf/google/protobuf/empty_pb';
import type { DisplayEvent, Severity } from '../display/events';
import { unary } from './monitor';

const SEVERITIES: Record<number, Severity> = {
  [LogSeverity.DEBUG]: 'debug',
  [LogSeverity.INFO]: 'info',
  [LogSeverity.WARNING]: 'warning',
  [LogSeverity.ERROR]: 'error',
};

/** What a program or a plugin tells the engine besides resources: Pulumi's Engine service. */
export function engineService(emit: (event: DisplayEvent) => void): IEngineServer {
  let rootUrn = '';
  return {
    log: unary((request: LogRequest) => {
      const severity = SEVERITIES[request.getSeverity()] ?? 'info';
      const urn = request.getUrn();
      const message = request.getMessage();
      if (request.getEphemeral()) {
        // What a provider is waiting for; without a resource there is no step to show it at.
        if (urn !== '') emit({ type: 'step-status', urn, message });
      } else if (severity !== 'debug') {
        emit({ type: 'diagnostic', severity, message, ...(urn !== '' && { urn }) });
      }
      return Promise.resolve(new Empty());
    }),
    getRootResource: unary<GetRootResourceRequest, GetRootResourceResponse>(() => {
      const response = new GetRootResourceResponse();
      response.setUrn(rootUrn);
      return Promise.resolve(response);
    }),
    setRootResource: unary((request: SetRootResourceRequest) => {
      rootUrn = request.getUrn();
      return Promise.resolve(new SetRootResourceResponse());
    }),
    startDebugging: unary<StartDebuggingRequest, Empty>(() => Promise.resolve(new Empty())),
    requirePulumiVersion: unary<RequirePulumiVersionRequest, RequirePulumiVersionResponse>(() =>
      Promise.resolve(new RequirePulumiVersionResponse()),
    ),
  };
}
