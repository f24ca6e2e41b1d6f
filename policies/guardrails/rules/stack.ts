import type { Action } from '../../actions';
import { at, isObject, type Resource, type StackGuardrail, textAt, UNKNOWN } from '../resource';
import type { GuardrailSettings } from '../settings';

const NETWORK_POLICY = 'kubernetes:networking.k8s.io/v1:NetworkPolicy';
const BUDGET = 'kubernetes:policy/v1:PodDisruptionBudget';
const NETWORK_MAP = 'aios:governance:PreCheckPolicies';

const namespaceOf = ({ props }: Resource) => at(props, 'metadata.namespace');

export const networkPolicies: StackGuardrail<unknown> = {
  remedy: 'add a NetworkPolicy to it, as infra/workload/network-policy.ts makes them',
  check: (resources) => {
    const covered = resources.filter(({ type }) => type === NETWORK_POLICY).map(namespaceOf);
    // One whose namespace is not known yet may be any's.
    if (covered.includes(UNKNOWN)) return [];
    return resources
      .filter(({ type, props }) => {
        const name = at(props, 'metadata.name');
        return type === 'kubernetes:core/v1:Namespace' && name !== UNKNOWN && !covered.includes(name);
      })
      .map((resource) => ({ resource, what: 'has no NetworkPolicy: everything may call everything in it' }));
  },
};

export const disruptionBudgets: StackGuardrail<unknown> = {
  remedy: 'add a PodDisruptionBudget, as infra/workload/disruption-budget.ts makes them',
  check: (resources) => {
    const budgets = resources.filter(({ type }) => type === BUDGET);
    return resources
      .filter((resource) => isReplicated(resource) && !budgets.some((budget) => covers(budget, resource)))
      .map((resource) => ({
        resource,
        what: `has ${String(at(resource.props, 'spec.replicas'))} pods and no disruption budget: draining nodes can end all at once`,
      }));
  },
};

function isReplicated({ type, props }: Resource): boolean {
  const replicas = at(props, 'spec.replicas');
  return /^kubernetes:apps\/v1:(Deployment|StatefulSet)$/.test(type) && typeof replicas === 'number' && replicas > 1;
}

function covers(budget: Resource, workload: Resource): boolean {
  const [place, wanted] = [namespaceOf(budget), at(budget.props, 'spec.selector.matchLabels')];
  const labels = at(workload.props, 'spec.template.metadata.labels');
  if ([place, wanted, labels, namespaceOf(workload)].includes(UNKNOWN)) return true;
  if (place !== namespaceOf(workload) || !isObject(wanted) || !isObject(labels)) return false;
  return Object.entries(wanted).every(([key, value]) => value === UNKNOWN || labels[key] === value);
}

export const requiredBindings: StackGuardrail<GuardrailSettings> = {
  remedy: 'bind a policy to it in policies.bindings',
  check: (resources, { requiredBindings: actions }) => {
    const map = resources.find(({ type }) => type === NETWORK_MAP);
    return actions
      .filter((action) => !isBound(map, action))
      .map((action) => ({ ...(map && { resource: map }), what: `asks no policy before ${action}` }));
  },
};

function isBound(map: Resource | undefined, action: Action): boolean {
  const binding = at(map?.props, `bindings.${action}`);
  if (binding === UNKNOWN) return true;
  return typeof binding === 'string' || at(binding, 'policy') === UNKNOWN || textAt(binding, 'policy') !== undefined;
}
