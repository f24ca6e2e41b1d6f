import type { Path, Problem } from '../problems';
import { parseQuantity } from '../quantity';

interface Amounts {
  cpu?: string;
  memory?: string;
}

/** A container that requests more than its limit is refused by the API server, long after the first changes. */
export function requestsAboveLimits(path: Path, resources: { requests?: Amounts; limits?: Amounts }): Problem[] {
  return (['cpu', 'memory'] as const).flatMap((name) => {
    const request = resources.requests?.[name];
    const limit = resources.limits?.[name];
    if (request === undefined || limit === undefined) return [];
    if ((parseQuantity(request) ?? 0) <= (parseQuantity(limit) ?? Infinity)) return [];
    return [
      {
        path: [...path, 'requests', name],
        value: request,
        rule: `must be at most the limit, ${limit}`,
        fix: `lower the request, or raise limits.${name}`,
        reads: [[...path, 'limits', name]],
      },
    ];
  });
}
