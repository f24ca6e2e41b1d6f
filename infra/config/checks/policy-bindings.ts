import { ACTIONS } from '../../../policies/actions';
import { unknownName } from '../issues';
import { isPolicyUri } from '../policy-binding';
import type { Path, Problem } from '../problems';
import { type PlacedBinding, placedBindings } from '../resolve/bindings';
import type { OnboardedRule, UsedRules } from '../resolve/rules';
import type { Sections } from '../sections';
import { schemaViolations } from './schema-violations';

type Parameters = Record<string, unknown>;
type ExecutionMode = Sections['policies']['execution']['mode'];

/** What must hold for each binding, of the network and of single clusters. */
export function bindingProblems(policies: Sections['policies'], { listed, folders, onboarded }: UsedRules): Problem[] {
  const { mode } = policies.execution;
  const names = [...new Set([...listed.map(({ name }) => name), ...folders])];
  return placedBindings(policies).flatMap((binding) => {
    const path = pathOf(binding);
    const { policy } = binding;
    const policyPath = holdsParameters(binding, policies) ? [...path, 'policy'] : path;
    if (!isPolicyUri(policy) && !names.includes(policy)) {
      return [{ path: policyPath, value: policy, ...unknownName('rule', policy, names) }];
    }
    const rule = onboarded.get(policy);
    const dropped = droppedParameters(binding, path);
    if (rule === undefined) return dropped;
    const unsuitable = unsuitableAction(binding, rule, policyPath);
    return unsuitable.length + dropped.length > 0
      ? [...unsuitable, ...dropped]
      : unfitParameters(binding, rule, mode, path);
  });
}

function pathOf({ cluster, action }: PlacedBinding): Path {
  return cluster === undefined ? ['policies', 'bindings', action] : ['policies', 'clusters', cluster, action];
}

function holdsParameters({ cluster, action }: PlacedBinding, { bindings, clusters }: Sections['policies']): boolean {
  return typeof (cluster === undefined ? bindings : clusters[cluster])?.[action] === 'object';
}

function unsuitableAction({ action, policy }: PlacedBinding, { rule }: OnboardedRule, path: Path): Problem[] {
  if (rule.actions.includes(action)) return [];
  return [
    {
      path,
      value: policy,
      rule: `is not made for ${action}: the rule ${rule.name} decides on ${rule.actions.join(', ')}`,
      fix: `bind it there, or choose another rule for ${action}`,
    },
  ];
}

const moveToRule = (rule: string) => `give them to the rule: rules: [{ rule: ${rule}, parameters: { … } }]`;

/** The gateway hands a plain URI to the policy of most actions, without parameters. */
function droppedParameters({ action, policy, parameters }: PlacedBinding, path: Path): Problem[] {
  if (ACTIONS[action].form === 'object' || Object.keys(parameters).length === 0) return [];
  const fix = isPolicyUri(policy)
    ? "remove them and set policy_parameters in the policy's own definition"
    : moveToRule(policy);
  return [
    {
      path: [...path, 'parameters'],
      rule: `must be left out: the gateway passes no parameters to the policy of ${action}`,
      fix,
    },
  ];
}

function unfitParameters(
  binding: PlacedBinding,
  { rule, wanted, parameters: onboarded }: OnboardedRule,
  mode: ExecutionMode,
  path: Path,
): Problem[] {
  const { action, parameters, policy } = binding;
  const effective = effectiveParameters(onboarded, parameters, mode);
  const isOwn = (key: string) => key in wanted.parameters && effective[key] === wanted.parameters[key];
  return (
    schemaViolations(rule.parametersSchema, effective, rule.name)
      // Those of the rule's own entry are reported there.
      .filter(({ topKey }) => topKey === undefined || !isOwn(topKey))
      .map((one) => one.problemAt([...path, 'parameters']))
      .map((problem) => (ACTIONS[action].form === 'object' ? problem : { ...problem, fix: moveToRule(policy) }))
  );
}

/** What the rule works with: the gateway lets a binding's parameters win, an executor knows either these or the onboarded ones. */
function effectiveParameters(onboarded: Parameters, bound: Parameters, mode: ExecutionMode): Parameters {
  if (mode === 'local') return { ...onboarded, ...bound };
  return Object.keys(bound).length > 0 ? bound : onboarded;
}
