import { z } from 'zod';
import { type Action, ACTION_NAMES } from '../../../policies/actions';

const object = z.record(z.string(), z.json());

/** What each action hands to its policy at 6b2b17a, and to tell it by; the last six as documented: docs/rules.md. */
const PARTS = {
  add_node: ['node_data', 'cluster_data'],
  remove_node: ['node_id', 'cluster_data'],
  add_cluster: ['id'],
  remove_cluster: ['cluster_id'],
  update_cluster: ['cluster_data'],
  add_block: ['block_data'],
  remove_block: ['block_data'],
  scale_block: ['block_data', 'input'],
  block_mgmt: ['block_data', 'input'],
  cluster_mgmt: ['cluster_data', 'input'],
} as const satisfies Record<Action, readonly string[]>;

const request = z
  .strictObject({
    name: z.string().trim().min(1).describe('What the request is, for whoever reads of it.'),
    action: z.enum(ACTION_NAMES),
    input: object.describe('What the gateway hands to the policy of the action: docs/rules.md.'),
    cluster: z.string().min(1).exactOptional().describe('The cluster that it is for. Default: the one in `input`.'),
    stacks: z.array(z.string().min(1)).min(1).exactOptional().describe('The stacks that it comes to. Default: all.'),
    at: z.iso.datetime({ offset: true }).exactOptional().describe('When it came. Default: now.'),
    answers: object
      .prefault({})
      .describe("Functions of a policy's function.py, and what they return: what other services answer."),
    times: z.int().min(1).prefault(1).describe('How often it was seen.'),
    recorded: z
      .boolean()
      .prefault(false)
      .describe('Whether it is from the log of audit-only, which holds parts of a request.'),
  })
  .superRefine(({ action, input }, context) => {
    const missing = PARTS[action].filter((part) => !Object.hasOwn(input, part));
    if (missing.length > 0)
      context.addIssue({
        code: 'custom',
        path: ['input'],
        message: `needs ${missing.join(' and ')}: that is what ${action} hands to a policy`,
      });
  });

/** A file of stacks/requests. */
export const requestFile = z.array(request);

/** {@link requestFile}'s entries as one writes them. */
export type WrittenRequest = z.input<typeof request>;

/** A request to replay. */
export interface Request {
  readonly action: Action;
  readonly cluster?: string;
  readonly input: Readonly<Record<string, unknown>>;
  /** In a line. */
  readonly line: string;
  /** Where it is from. */
  readonly source: string;
  /** When it came, in seconds since 1970. */
  readonly at?: number;
  readonly answers: Readonly<Record<string, unknown>>;
  readonly times: number;
  readonly recorded: boolean;
}

/** The cluster that a request's input names. */
export function clusterIn(input: Readonly<Record<string, unknown>>): string | undefined {
  const { cluster_data: data, cluster_id: id = (data as { id?: unknown } | undefined)?.id ?? input.id } = input;
  return typeof id === 'string' ? id : undefined;
}

/** The action that a request's form belongs to; a rule is not told, so its cases do not tell either. */
export function actionOf(input: unknown): Action | undefined {
  if (typeof input !== 'object' || input === null) return undefined;
  const has = (...keys: string[]) => keys.every((key) => Object.hasOwn(input, key));
  if (has('id')) return 'add_cluster';
  if (has('node_data')) return 'add_node';
  if (has('node_id')) return 'remove_node';
  if (has('block_data')) return blockAction(input, has);
  if (has('cluster_data', 'input')) return 'cluster_mgmt';
  if (has('cluster_data')) return has('cluster_metrics') ? undefined : 'update_cluster';
  return has('cluster_id') ? 'remove_cluster' : undefined;
}

function blockAction({ input }: { input?: { operation?: unknown } }, has: (key: string) => boolean): Action {
  if (has('input')) return input?.operation === undefined ? 'block_mgmt' : 'scale_block';
  return has('block_metrics') ? 'remove_block' : 'add_block';
}
