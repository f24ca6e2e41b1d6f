import { catalogue } from '../../infra/catalogue';
import type { Change } from './changes';
import type { Step } from './plan';
import { subjectOf } from './subject';

/** Which resources a key of the configuration has changed. */
export function stepsOf({ path, before, after }: Change, steps: readonly Step[]): Step[] {
  const [section = '', ...rest] = path.split(/[.[\]]+/).filter((part) => part !== '');
  const rule = Object.hasOwn(SECTIONS, section) ? SECTIONS[section] : undefined;
  const own = rule === undefined ? [] : steps.filter((step) => rule(step, rest));
  // A value that went with the old and came with the new is where the key has gone: a host name, a tag.
  const carried = steps.filter((step) => step.changes.some((change) => carries(change, before, after)));
  return steps.filter((step) => own.includes(step) || carried.includes(step));
}

type Rule = (step: Step, rest: readonly string[]) => boolean;

const isDatabase =
  (section: string): Rule =>
  (step) => {
    const subject = subjectOf(step);
    return subject.kind === 'database' && subject.section === section;
  };

const isService = (step: Step, name: string | undefined) => {
  const subject = subjectOf(step);
  return subject.kind === 'service' && subject.name === name;
};

const isGovernance: Rule = (step) => subjectOf(step).kind === 'governance';

const GATEWAY = catalogue['cluster-controller-gateway'].name;

const TARGET_CLUSTER = 'aios:cluster:TargetCluster';
const PULL_SECRET_COPY = 'aios:cluster:PullSecretCopy';

const SECTIONS: Readonly<Record<string, Rule>> = {
  registry: isDatabase('registry'),
  metrics: isDatabase('metrics'),
  gateway: (step, [key]) => isService(step, GATEWAY) || (key === 'replicas' && touches(step, /^replicas$/)),
  services: (step, [key, name, ...rest]) => {
    if (key === 'overrides') return isService(step, name) || (rest[0] === 'enabled' && step.name === name);
    if (key === 'pullSecretFrom' && step.type === PULL_SECRET_COPY) return true;
    if (key === 'imagePullSecrets' || key === 'registryCredentials' || key === 'pullSecretFrom')
      return touches(step, /imagePullSecrets|\.dockerconfigjson/);
    return touches(step, /\.image(PullPolicy)?$|_IMAGE(_NAME)?\]/);
  },
  policies: (step) =>
    isGovernance(step, []) ||
    isService(step, 'policy-code') ||
    touches(step, /\.env\[POLICY_(EXECUTION_MODE|SYSTEM_EXECUTOR_ID)\]/),
  cluster: (step, [key]) => {
    if (step.type === TARGET_CLUSTER) return true;
    if (key === 'podSecurity' || key === 'namespaces') return step.type === 'kubernetes:core/v1:Namespace';
    return step.type.startsWith('pulumi:providers:');
  },
};

const touches = ({ changes, op }: Step, path: RegExp) =>
  op !== 'create' && changes.some((change) => path.test(change.path));

/** Short values are in everything. */
const SHORTEST = 4;

function carries(change: Change, before: string | undefined, after: string | undefined): boolean {
  if (before === undefined || after === undefined || before.length < SHORTEST || after.length < SHORTEST) return false;
  return change.before?.includes(before) === true && change.after?.includes(after) === true;
}
