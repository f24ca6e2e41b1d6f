import { ClusterAccessError } from './errors';
import { type Json, type JsonMap, listAt, mapAt, textAt } from './json';

/** An answer of the API server that is not a success. */
export class ApiError extends Error {
  readonly reason: string;
  readonly causes: { field: string; message: string; reason: string }[];

  /** @param status the answer's body, a `Status` object as a rule */
  constructor(
    readonly code: number,
    readonly status: JsonMap,
  ) {
    super(textAt(status, 'message') || `HTTP ${code}`);
    this.name = 'ApiError';
    this.reason = textAt(status, 'reason');
    this.causes = listAt(mapAt(status, 'details'), 'causes').map((cause: Json) => ({
      field: textAt(cause, 'field'),
      message: textAt(cause, 'message'),
      reason: textAt(cause, 'reason'),
    }));
  }
}

/** No answer: the API server is down, the address wrong, the network broken. */
export class UnreachableError extends ClusterAccessError {
  /**
   * @param server with its context and the proxy on the way
   * @param cause in words
   */
  constructor(server: string, cause: string) {
    super(`cannot reach ${server}: ${cause}. Check that the cluster runs and that the kubeconfig is the right one.`);
    this.name = 'UnreachableError';
  }
}

/** The user has ended the run while an answer was waited for. */
export class InterruptedError extends ClusterAccessError {
  constructor() {
    super('interrupted while waiting for the API server');
    this.name = 'InterruptedError';
  }
}

export const isNotFound = (error: unknown): error is ApiError => error instanceof ApiError && error.code === 404;
export const isConflict = (error: unknown): error is ApiError => error instanceof ApiError && error.code === 409;
export const isInvalid = (error: unknown): error is ApiError => error instanceof ApiError && error.code === 422;
export const isForbidden = (error: unknown): error is ApiError => error instanceof ApiError && error.code === 403;

/** Whether the same request may succeed a moment later. */
export const isPassing = (error: unknown) =>
  error instanceof UnreachableError || (error instanceof ApiError && (isBusy(error) || isStorageTrouble(error)));

const isBusy = ({ code }: ApiError) => code === 429 || (code > 500 && code < 600);

// 500 is also the answer to an apply that the kind's schema does not allow: that stays.
const isStorageTrouble = ({ code, message }: ApiError) =>
  code === 500 && /etcd|leader|timeout|timed out|connect|webhook/i.test(message);
