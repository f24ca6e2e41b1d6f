import type { Document } from '../store/collection';
import { isObject } from '../store/filter';
import { runCode } from './run-code';

/** What a policy is asked. */
export interface PolicyCall {
  readonly uri: string;
  readonly input: unknown;
  /** In place of the policy's own parameters where a key is given. */
  readonly parameters?: Document | undefined;
}

/** Runs a policy. @throws Error if it is missing, cannot be loaded, takes too long or raises */
export type RunPolicy = (call: PolicyCall) => Promise<unknown>;

/** Downloads and runs the policies of a policies system, as each of its clients does for itself. */
export function policyRunner(policiesSystem: () => string, options: { siblingModules: boolean }): RunPolicy {
  return async ({ uri, input, parameters }) => {
    const policy = await readPolicy(policiesSystem(), uri);
    const archive = await download(String(policy.code));
    return runCode({
      archive,
      ruleId: uri,
      settings: policy.policy_settings,
      // Upstream's order: what the policy was onboarded with wins over what the binding says.
      parameters: { ...parameters, ...(isObject(policy.policy_parameters) ? policy.policy_parameters : {}) },
      input,
      siblingModules: options.siblingModules,
    });
  };
}

async function readPolicy(policiesSystem: string, uri: string): Promise<Document> {
  const response = await fetch(`${policiesSystem}/policy/${encodeURIComponent(uri)}`);
  const answer: unknown = await response.json();
  if (isObject(answer) && answer.success === true && isObject(answer.data)) return answer.data;
  throw new Error(`policy ${uri}: ${isObject(answer) ? String(answer.message) : 'no policy'}`);
}

async function download(url: string): Promise<Buffer> {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`${response.status} for url: ${url}`);
  return Buffer.from(await response.arrayBuffer());
}
