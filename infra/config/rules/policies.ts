import { ACTIONS, ACTION_NAMES } from '../../../policies/actions';
import type { Rule } from './rule';

/** What must hold for policies: an executor for remote mode, and no parameters that the gateway would drop. */
export const policyRules: Rule = ({ sections: { policies } }) => {
  if (policies === undefined) return [];
  const { bindings, execution } = policies;
  const dropped = ACTION_NAMES.flatMap((action) => {
    const binding = bindings[action];
    if (ACTIONS[action].form === 'object' || typeof binding !== 'object' || binding === null) return [];
    if (Object.keys(binding.parameters).length === 0) return [];
    return [
      {
        path: ['policies', 'bindings', action, 'parameters'],
        rule: `must be left out: the gateway passes no parameters to the policy of ${action}`,
        fix: "remove them and set policy_parameters in the policy's own definition",
      },
    ];
  });
  if (execution.mode === 'local' || execution.executor !== undefined) return dropped;
  return [
    ...dropped,
    {
      path: ['policies', 'execution', 'executor'],
      rule: 'is required by mode remote: the gateway would fall back to executor-001, whether it exists or not',
      fix: 'for example executor: executor-001, or set mode: local',
      reads: [['policies', 'execution', 'mode']],
    },
  ];
};
