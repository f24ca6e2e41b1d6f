import type { Bugs } from '../behaviour';
import type { Route } from '../http/route';
import type { Collection } from '../store/collection';
import { matches } from '../store/filter';
import { failure, guarded, success } from './answers';
import { toPolicy } from './policy-document';

const KEY = 'policy_rule_uri';

export function policyRoutes(policies: Collection, bugs: Bugs): Route[] {
  return [
    {
      method: 'POST',
      pattern: '/policy',
      handle: guarded((call) => {
        const policy = toPolicy(call.json(), bugs);
        if (!bugs.duplicatePolicies && policies.findFirst(KEY, policy[KEY])) return failure('Failed to create policy.');
        policies.insert(policy);
        return success('Policy created successfully.');
      }),
    },
    {
      method: 'POST',
      pattern: '/policy/query',
      handle: guarded((call) => {
        const filter = call.json();
        return success(policies.all().filter((policy) => matches(policy, filter)));
      }),
    },
    {
      method: 'GET',
      pattern: '/policy/<uri>',
      handle: ({ parameters }) => {
        const policy = policies.findFirst(KEY, parameters.uri);
        return policy ? success(policy) : failure('Policy not found.');
      },
    },
    {
      method: 'PUT',
      pattern: '/policy/<uri>',
      handle: guarded((call) => {
        const policy = toPolicy(call.json(), bugs);
        const isMove = policy[KEY] !== call.parameters.uri;
        const isDone = (bugs.putMovesUri || !isMove) && policies.replaceFirst(KEY, call.parameters.uri, policy);
        return isDone ? success('Policy updated successfully.') : failure('Failed to update policy.');
      }),
    },
    {
      method: 'DELETE',
      pattern: '/policy/<uri>',
      handle: ({ parameters }) =>
        policies.deleteFirst(KEY, parameters.uri)
          ? success('Policy deleted successfully.')
          : failure('Failed to delete policy.'),
    },
  ];
}
