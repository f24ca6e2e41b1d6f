import { item, type LoadPolicy, requireDict } from '../../../policies/pre-checks';
import { requireSuccess } from '../http/client';
import type { Peers } from '../peers';
import { isObject } from '../store/filter';
import type { Document } from '../store/collection';
import { runRule } from './run-rule';

/**
 * Policies that run in the process that asks: it downloads them for every check.
 * @param siblingModules whether function.py can import modules beside it
 */
export function localPolicies(peers: Peers, { siblingModules }: { siblingModules: boolean }): LoadPolicy {
  return async (uri, parameters) => {
    const policy = await readPolicy(peers, uri);
    const own = policy.policy_parameters;
    const effective = isAbsent(parameters) ? own : { ...requireDict(own, 'update'), ...requireDict(parameters, 'get') };
    return evaluation(peers, policy, effective, siblingModules);
  };
}

/** Policies that run on an executor: of parameters, the binding's alone count, unless it has null. */
export function executorPolicies(peers: Peers): LoadPolicy {
  return async (uri, parameters) => {
    const policy = await readPolicy(peers, uri);
    return evaluation(peers, policy, isAbsent(parameters) ? policy.policy_parameters : parameters, true);
  };
}

/** Policies that the gateway hands to an executor, by way of the policies system. */
export function remotePolicies(peers: Peers, executor: string): LoadPolicy {
  return (uri, parameters) =>
    Promise.resolve(async (input) => {
      const url = `${peers.address('policiesSystem')}/executor/${encodeURIComponent(executor)}/execute_policy`;
      const response = await peers.send('POST', url, {
        policy_rule_uri: uri,
        input_data: input,
        parameters: parameters ?? null,
      });
      requireSuccess(response);
      return item(await response.json(), 'data');
    });
}

const isAbsent = (parameters: unknown) => parameters === undefined || parameters === null;

async function evaluation(peers: Peers, policy: Document, parameters: unknown, siblingModules: boolean) {
  const archive = await peers.download(String(policy.code));
  const settings = policy.policy_settings;
  return (input: unknown) => runRule({ archive, settings, parameters, input, siblingModules });
}

async function readPolicy(peers: Peers, uri: string): Promise<Document> {
  const response = await peers.send('GET', `${peers.address('policiesSystem')}/policy/${encodeURIComponent(uri)}`);
  const answer: unknown = await response.json().catch(() => undefined);
  if (isObject(answer) && answer.success === true && isObject(answer.data)) return answer.data;
  throw new Error(`Policy rule with URI '${uri}' not found.`);
}
