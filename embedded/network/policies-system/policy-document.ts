import { pythonText } from '../../../policies/pre-checks';
import type { Bugs } from '../behaviour';
import type { Document } from '../store/collection';
import { isObject } from '../store/filter';

type FieldType = 'string' | 'object' | 'list';

/** The fields of a policy, in the order in which the policies system asks for them. */
const POLICY_FIELDS = {
  name: 'string',
  version: 'string',
  release_tag: 'string',
  metadata: 'object',
  tags: 'list',
  code: 'string',
  code_type: 'string',
  type: 'string',
  policy_input_schema: 'object',
  policy_output_schema: 'object',
  policy_settings_schema: 'object',
  policy_parameters_schema: 'object',
  policy_settings: 'object',
  policy_parameters: 'object',
  description: 'string',
  functionality_data: 'object',
  resource_estimates: 'object',
} as const satisfies Record<string, FieldType>;

/**
 * The policy that is stored for a body: known fields and the derived URI.
 * @throws Error as Python words it, naming the missing key
 */
export function toPolicy(body: unknown, bugs: Bugs): Document {
  const policy = pickFields(body, Object.keys(POLICY_FIELDS));
  if (!bugs.uncheckedTypes) checkTypes(policy);
  return { policy_rule_uri: policyUri(policy), ...policy };
}

function policyUri({ name, version, release_tag: tag }: Document): string {
  return `${pythonText(name)}:${pythonText(version)}-${pythonText(tag)}`;
}

/** What PUT needs: POST derives the address instead. */
const executorFields = ['executor_id', 'executor_host_uri', 'executor_metadata', 'executor_hardware_info'];

/** The port of every executor. */
const EXECUTOR_PORT = 30900;

/** @throws Error as Python words it, naming the missing key */
export function toNewExecutor(body: unknown, bugs: Bugs): Document {
  const { cluster_public_ip: address } = pickFields(body, ['cluster_public_ip']);
  const derived = `http://${pythonText(address)}:${EXECUTOR_PORT}`;
  const given = isObject(body) ? body.executor_host_uri : undefined;
  const hostUri = bugs.executorUriIgnored ? derived : (given ?? derived);
  return toExecutor({ ...(body as Document), executor_host_uri: hostUri }, bugs);
}

/** @throws Error as Python words it, naming the missing key */
export function toExecutor(body: unknown, bugs: Bugs): Document {
  const required = bugs.executorUriIgnored
    ? executorFields
    : executorFields.filter((key) => key !== 'executor_host_uri');
  const executor = pickFields(body, required);
  const { executor_host_uri: hostUri, executor_status: status } = body as Document;
  return {
    ...executor,
    ...(hostUri === undefined ? {} : { executor_host_uri: hostUri }),
    executor_status: status ?? 'healthy',
  };
}

function pickFields(body: unknown, keys: readonly string[]): Document {
  if (!isObject(body)) throw new Error('list indices must be integers or slices, not str');
  const missing = keys.find((key) => !Object.hasOwn(body, key));
  if (missing !== undefined) throw new Error(`'${missing}'`);
  return Object.fromEntries(keys.map((key) => [key, body[key]]));
}

function checkTypes(policy: Document): void {
  for (const [key, type] of Object.entries(POLICY_FIELDS)) {
    if (typeOf(policy[key]) !== type) throw new Error(`${key} must be a ${type}`);
  }
}

function typeOf(value: unknown): FieldType | undefined {
  if (Array.isArray(value)) return 'list';
  if (isObject(value)) return 'object';
  return typeof value === 'string' ? 'string' : undefined;
}
