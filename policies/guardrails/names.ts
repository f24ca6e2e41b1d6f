/** The guardrails, and what each asks for. */
export const GUARDRAILS = {
  'images-pinned': 'Every image has a digest, or a tag that is not latest.',
  probes: 'Every container with a port has a readiness and a liveness probe.',
  resources: 'Every container requests CPU and memory, and has a limit of memory.',
  'not-privileged': 'No container is privileged, has a capability over the node, or shares its namespaces.',
  'no-host-path': "No directory of a node is used, but for the databases' volumes.",
  'databases-kept': 'Both databases are there, and protected: Pulumi then refuses to replace or delete them.',
  'odd-members': 'A database has an odd number of members.',
  'network-policies': 'Every namespace has a NetworkPolicy.',
  'no-plain-credentials': 'No credential stands in an environment as text.',
  'disruption-budgets': 'Whatever runs more than once has a PodDisruptionBudget.',
  'required-bindings': 'The actions of guardrails.requiredBindings have a policy.',
} as const;

export type GuardrailName = keyof typeof GUARDRAILS;

export const GUARDRAIL_NAMES = Object.keys(GUARDRAILS) as GuardrailName[];
