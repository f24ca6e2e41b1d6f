import { Metadata, type ServiceError, status } from '@grpc/grpc-js';
import { ErrorResourceInitFailed } from '@pulumi/pulumi/proto/provider_pb';
import { Status } from '@pulumi/pulumi/proto/status_pb';
import { Any } from 'google-protobuf/google/protobuf/any_pb';
import { PartialFailure, messageOf } from '../errors';
import type { Redaction } from '../redaction';
import { encode } from '../wire/struct';

/** An error as the engine understands it: its message, and what there is of a resource that was made only partly. */
export function toServiceError(error: unknown, redaction: Redaction): Partial<ServiceError> {
  const details = redaction.apply(messageOf(error));
  if (!(error instanceof PartialFailure)) return { code: status.UNKNOWN, details };
  const failure = new ErrorResourceInitFailed()
    .setId(error.id)
    .setProperties(encode(error.outputs))
    .setReasonsList([details]);
  const detail = new Any();
  detail.pack(failure.serializeBinary(), 'pulumirpc.ErrorResourceInitFailed');
  const message = new Status().setCode(status.UNKNOWN).setMessage(details);
  message.addDetails(detail);
  const metadata = new Metadata();
  metadata.set('grpc-status-details-bin', Buffer.from(message.serializeBinary()));
  return { code: status.UNKNOWN, details, metadata };
}
