import { json, type Answer } from '../http/answer';
import type { RequestLine } from '../http/faults';
import type { Route } from '../http/route';

/** Failures come with HTTP 200. */
export function failure(message: string): Answer {
  return json({ success: false, message });
}

export function success(data: unknown): Answer {
  return json({ success: true, data });
}

/** An exception in a handler is a failure with its text. */
export function guarded(handle: Route['handle']): Route['handle'] {
  return async (call) => {
    try {
      return await handle(call);
    } catch (error) {
      return failure((error as Error).message);
    }
  };
}

/** What the policies system answers without its database. */
export function policiesOutage(looksEmpty: boolean): (request: RequestLine) => Answer {
  return ({ method, path }) => {
    const kind = path.startsWith('/executor') ? 'executor' : 'policy';
    if (!looksEmpty) return json({ success: false, message: 'database: No servers found yet, Timeout: 30s' }, 500);
    if (path.endsWith('/query')) return success([]);
    if (method === 'GET') return failure(kind === 'policy' ? 'Policy not found.' : 'Executor not found.');
    return failure(`Failed to ${{ POST: 'create', PUT: 'update' }[method] ?? 'delete'} ${kind}.`);
  };
}
