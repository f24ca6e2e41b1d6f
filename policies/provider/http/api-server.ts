import { UserError } from '../errors';
import { type Json, isJsonObject } from '../wire/value';
import { ConnectionError } from './exchange';

const NEVER_DELIVERED = /no endpoints available|connection refused|no such host|no route to host/i;

/**
 * What an API server says of itself in place of the service behind it: a Status object.
 *
 * @returns the error that it means, or undefined if the answer is the service's own
 */
export function apiServerFailure(body: Json | undefined, address: string): Error | undefined {
  if (!isJsonObject(body) || body.kind !== 'Status' || body.apiVersion !== 'v1' || body.status !== 'Failure') {
    return undefined;
  }
  const message = typeof body.message === 'string' ? body.message : '';
  switch (body.code) {
    case 401:
      return new UserError(`the API server refuses the credentials of the kubeconfig: ${message}`);
    case 403:
      return new UserError(
        `the API server does not let this user through to ${address} (${message}); grant get, create, update and delete on services/proxy`,
      );
    case 404:
      return new UserError(`${address} does not exist: ${message}; deploy it first, or set the endpoint`);
    default:
      return new ConnectionError(`the API server cannot reach it: ${message}`, {
        sent: !NEVER_DELIVERED.test(message),
        nobody: message.includes('no endpoints available'),
      });
  }
}
