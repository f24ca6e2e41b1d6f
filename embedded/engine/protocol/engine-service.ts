import type { UntypedServiceImplementation } from '@grpc/grpc-js';
import {
  GetRootResourceResponse,
  type LogRequest,
  LogSeverity,
  type SetRootResourceRequest,
  SetRootResourceResponse,
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

/**
 * What a program or a plugin tells the engine besides resources: Pulumi's Engine service, without debuggers and required
 * versions of the CLI.
 */
export function engineService(emit: (event: DisplayEvent) => void): UntypedServiceImplementation {
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
    getRootResource: unary(() => Promise.resolve(new GetRootResourceResponse().setUrn(rootUrn))),
    setRootResource: unary((request: SetRootResourceRequest) => {
      rootUrn = request.getUrn();
      return Promise.resolve(new SetRootResourceResponse());
    }),
  };
}
