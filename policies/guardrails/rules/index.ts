import type { GuardrailName } from '../names';
import type { ResourceGuardrail, StackGuardrail } from '../resource';
import type { GuardrailSettings } from '../settings';
import { imagesPinned, noHostPath, noPlainCredentials, notPrivileged, probes, resources } from './containers';
import { databasesKept, oddMembers } from './databases';
import { disruptionBudgets, networkPolicies, requiredBindings } from './stack';

/** The guardrails that look at one resource. */
export const RESOURCE_GUARDRAILS = {
  'images-pinned': imagesPinned,
  probes,
  resources,
  'not-privileged': notPrivileged,
  'no-host-path': noHostPath,
  'odd-members': oddMembers,
  'no-plain-credentials': noPlainCredentials,
} as const satisfies Partial<Record<GuardrailName, ResourceGuardrail>>;

/** The guardrails that look at a whole stack. */
export const STACK_GUARDRAILS = {
  'databases-kept': databasesKept,
  'network-policies': networkPolicies,
  'disruption-budgets': disruptionBudgets,
  'required-bindings': requiredBindings,
} as const satisfies Record<
  Exclude<GuardrailName, keyof typeof RESOURCE_GUARDRAILS>,
  StackGuardrail<GuardrailSettings>
>;
