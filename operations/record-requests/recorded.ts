import type { WrittenRequest } from '../policy-impact/requests/request';
import { actionOf, clusterIn } from '../policy-impact/requests/request';
import { ALLOWED, isPlain } from './allowed';

/** What a log gave. */
export interface Recording {
  readonly requests: readonly WrittenRequest[];
  /** Lines of audit-only. */
  readonly lines: number;
  /** Lines of which no request could be made: their form is that of no action, or what tells it was left out. */
  readonly unusable: number;
  /** Fields that were left out, and how often. */
  readonly removed: ReadonlyMap<string, number>;
}

/** How audit-only begins what it logs, whatever a logger puts before it. */
const MARK = 'audit {';

/**
 * Makes requests of the lines that audit-only wrote: ids and the fields that its binding names. Of those only what is allowed
 * is kept; equal requests become one that was seen so many times.
 *
 * @param log its lines
 * @param stack that the log is of
 */
export function recordedRequests(log: readonly string[], stack: string): Recording {
  const removed = new Map<string, number>();
  const lines = log.flatMap((line) => (line.includes(MARK) ? [parse(line)] : []));
  const requests = new Map<string, WrittenRequest & { times: number }>();
  let unusable = 0;
  for (const line of lines) {
    const request = line && requestOf(line, stack, removed);
    if (!request) {
      unusable += 1;
      continue;
    }
    const key = JSON.stringify([request.action, request.input]);
    const known = requests.get(key);
    if (known) known.times += 1;
    else requests.set(key, { ...request, times: 1 });
  }
  return { requests: [...requests.values()], lines: lines.length, unusable, removed };
}

interface AuditLine {
  readonly keys: readonly string[];
  readonly found: Readonly<Record<string, unknown>>;
}

function parse(line: string): AuditLine | undefined {
  try {
    const { keys, found } = JSON.parse(line.slice(line.indexOf(MARK) + MARK.length - 1)) as Partial<AuditLine>;
    return Array.isArray(keys) && typeof found === 'object' ? { keys, found } : undefined;
  } catch {
    return undefined;
  }
}

/** What a request's parts are called; those that were not recorded are there without anything in them. */
const PARTS = ['node_data', 'cluster_data', 'block_data', 'cluster_metrics', 'block_metrics', 'input'];

function requestOf({ keys, found }: AuditLine, stack: string, removed: Map<string, number>) {
  const input: Record<string, unknown> = Object.fromEntries(
    PARTS.filter((part) => keys.includes(part)).map((part) => [part, {}]),
  );
  for (const [path, logged] of Object.entries(found)) {
    const value = kept(path, logged);
    if (value === undefined) removed.set(path, (removed.get(path) ?? 0) + 1);
    else put(input, path.split('.'), value);
  }
  const action = actionOf(input);
  if (action === undefined) return undefined;
  const cluster = clusterIn(input);
  const name = `recorded: ${action}${cluster === undefined ? '' : ` of ${cluster}`}`;
  return { name, action, input, stacks: [stack], recorded: true } as WrittenRequest;
}

/** A recorded value that may be kept; lists were logged as JSON. */
function kept(path: string, value: unknown): unknown {
  if (!ALLOWED.includes(path)) return undefined;
  if (typeof value === 'number' || typeof value === 'boolean') return value;
  if (typeof value !== 'string') return undefined;
  if (!path.endsWith('tags')) return isPlain(value) ? value : undefined;
  const tags = listIn(value);
  return tags?.every((tag) => typeof tag === 'string' && isPlain(tag)) ? tags : undefined;
}

function listIn(text: string): unknown[] | undefined {
  try {
    const list: unknown = JSON.parse(text);
    return Array.isArray(list) ? list : undefined;
  } catch {
    return undefined;
  }
}

function put(target: Record<string, unknown>, [step = '', ...rest]: readonly string[], value: unknown): void {
  if (rest.length === 0) target[step] = value;
  else {
    const inner = typeof target[step] === 'object' ? (target[step] as Record<string, unknown>) : {};
    target[step] = inner;
    put(inner, rest, value);
  }
}
