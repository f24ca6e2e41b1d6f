import type { Bugs } from '../behaviour';
import type { RunPolicy } from '../rules/run-policy';
import { isObject } from '../store/filter';
import { pythonType } from './map-update';

/** What a pre-check came to: the request to go on with, or the reason against it. */
export interface Verdict {
  readonly allowed: boolean;
  readonly data: unknown;
}

/** Asks the policies of a gateway process before it acts. */
export class PreChecks {
  constructor(
    private readonly bugs: Bugs,
    private readonly runPolicy: RunPolicy,
  ) {}

  /**
   * The check of an action whose value is a plain URI. Whatever goes wrong denies.
   * @param map of the process; a list has no actions
   */
  async checkByUri(map: unknown, action: string, input: unknown): Promise<Verdict> {
    if (!isObject(map) || !Object.hasOwn(map, action)) return { allowed: true, data: input };
    const uri = map[action];
    if (uri === '' && !this.bugs.emptyUriDenies) return { allowed: true, data: input };
    try {
      if (typeof uri !== 'string') throw new Error(`policy ${JSON.stringify(uri)}: Policy not found.`);
      const result = await this.runPolicy({ uri, input });
      return { allowed: isTruthy(required(result, 'allowed')), data: required(result, 'input_data') };
    } catch (error) {
      return { allowed: false, data: (error as Error).message };
    }
  }

  /**
   * The check of a node action, whose value is {policyRuleURI, parameters}.
   * @param fallback what goes on if the policy names no input_data
   * @throws Error if the value has another form, or the policy fails
   */
  async checkByObject(map: unknown, action: string, input: unknown, fallback: unknown): Promise<Verdict> {
    if (!isObject(map)) throw new Error(`'${pythonType(map)}' object has no attribute 'get'`);
    const value = this.toObjectForm(map[action]);
    if (!isTruthy(value)) return { allowed: true, data: fallback };
    if (!isObject(value)) throw new Error(`'${pythonType(value)}' object has no attribute 'get'`);
    const { policyRuleURI: uri, parameters } = value;
    if (!isTruthy(uri)) return { allowed: true, data: fallback };
    const result = await this.runPolicy({
      uri: String(uri),
      input,
      parameters: isObject(parameters) ? parameters : {},
    });
    if (!isObject(result)) throw new Error(`'${pythonType(result)}' object has no attribute 'get'`);
    return { allowed: isTruthy(result.allowed), data: result.input_data ?? fallback };
  }

  private toObjectForm(value: unknown): unknown {
    return typeof value === 'string' && value !== '' && !this.bugs.plainUriBreaksNodes
      ? { policyRuleURI: value, parameters: {} }
      : value;
  }
}

/** As in Python. */
function isTruthy(value: unknown): boolean {
  if (Array.isArray(value)) return value.length > 0;
  return isObject(value) ? Object.keys(value).length > 0 : Boolean(value);
}

function required(result: unknown, key: string): unknown {
  if (!isObject(result) || !Object.hasOwn(result, key)) throw new Error(`'${key}'`);
  return result[key];
}
