import { isObject, isTruthy, item, requireDict } from './python';

/** Evaluates a policy. @throws Error with what went wrong in it */
export type Evaluate = (input: unknown) => Promise<unknown>;

/**
 * Makes a policy ready.
 * @param parameters of the binding; undefined or null: those that the policy was onboarded with
 * @throws Error if it is missing, or cannot be loaded
 */
export type LoadPolicy = (uri: string, parameters?: unknown) => Promise<Evaluate>;

/** In what the deployed code (6b2b17a) is not as its documentation says: embedded/network/behaviour.ts. */
interface PreCheckBugs {
  /** A plain URI ends every request of a node in an error. */
  readonly plainUriBreaksNodes: boolean;
  /** An empty URI denies every request of a cluster. */
  readonly emptyUriDenies: boolean;
}

/** What a pre-check came to: the request to go on with, or the reason against it. */
export interface Verdict {
  readonly allowed: boolean;
  readonly data: unknown;
}

/** A map's values for actions of nodes. */
export type NodeAction = 'add_node' | 'remove_node';

/** Asks the policies of a map before anything is done. */
export class PreChecks {
  constructor(
    private readonly bugs: PreCheckBugs,
    private readonly load: LoadPolicy,
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
      if (typeof uri !== 'string') throw new Error(`Policy rule with URI '${JSON.stringify(uri)}' not found.`);
      const evaluate = await this.load(uri);
      const result = await evaluate(input);
      return { allowed: isTruthy(item(result, 'allowed')), data: item(result, 'input_data') };
    } catch (error) {
      return { allowed: false, data: (error as Error).message };
    }
  }

  /**
   * Makes the policy of a node action ready, whose value is {policyRuleURI, parameters}.
   * @returns undefined where nothing is bound
   * @throws Error if the value has another form, or the policy cannot be loaded
   */
  async loadForNodes(map: unknown, action: NodeAction): Promise<Evaluate | undefined> {
    const value = this.toObjectForm(requireDict(map, 'get')[action]);
    if (!isTruthy(value)) return undefined;
    const { policyRuleURI: uri, parameters = {} } = requireDict(value, 'get');
    return isTruthy(uri) ? this.load(String(uri), parameters) : undefined;
  }

  private toObjectForm(value: unknown): unknown {
    return typeof value === 'string' && value !== '' && !this.bugs.plainUriBreaksNodes
      ? { policyRuleURI: value, parameters: {} }
      : value;
  }
}

/**
 * What a policy of nodes decides.
 * @param fallback what goes on if it names no input_data
 * @throws Error if it fails
 */
export async function decideOnNode(evaluate: Evaluate, input: unknown, fallback: unknown): Promise<Verdict> {
  const { allowed = false, input_data: data = fallback } = requireDict(await evaluate(input), 'get');
  return { allowed: isTruthy(allowed), data };
}
