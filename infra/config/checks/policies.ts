import { usesEmbeddedNetwork } from '../embedded-network';
import { unknownName } from '../issues';
import type { Problem } from '../problems';
import type { Sections } from '../sections';
import { bindingProblems } from './policy-bindings';
import { ruleProblems } from './policy-rules';
import type { Check } from './check';

function executorProblems({ execution: { mode, executor }, executors }: Sections['policies']): Problem[] {
  const path = ['policies', 'execution', 'executor'];
  const known = Object.keys(executors);
  if (executor !== undefined) {
    if (known.includes(executor)) return [];
    const { rule, fix } = unknownName('executor', executor, known);
    const declare = `declare it: executors: { ${executor}: { clusterPublicIp: … } }`;
    return [{ path, value: executor, rule, fix: known.length === 0 ? declare : `${fix} Else ${declare}` }];
  }
  if (mode === 'local') return [];
  return [
    {
      path,
      rule: 'is required by mode remote: the gateway would fall back to executor-001, whether it exists or not',
      fix: 'for example executor: executor-001, or set mode: local',
      reads: [['policies', 'execution', 'mode']],
    },
  ];
}

/** Policies are written to running services, and no pod of the embedded cluster runs. */
const servicesThere: Check = ({ stack, sections, embeddedKubeconfig, embeddedNetwork }) => {
  if (embeddedKubeconfig === undefined || embeddedNetwork || !usesEmbeddedNetwork(stack, sections)) return [];
  const { bindings, clusters, rules, executors } = sections.policies ?? {};
  if ([bindings, clusters, rules, executors].every((part) => Object.keys(part ?? {}).length === 0)) return [];
  return [
    {
      path: ['policies'],
      rule: 'need the services of the network, and the embedded cluster only simulates their pods',
      fix: 'use `make up`, which starts them beside it, or name `policies.endpoints`',
    },
  ];
};

/** What must hold for policies: rules that exist, bindings that mean what they say, an executor for remote mode. */
export const policyChecks: Check = (subject) => {
  const { rules, sections } = subject;
  const { policies } = sections;
  if (policies === undefined || rules === undefined) return [];
  return [
    ...ruleProblems(policies, rules),
    ...bindingProblems(policies, rules),
    ...executorProblems(policies),
    ...servicesThere(subject),
  ];
};
