import { markdownReport } from '../../../../operations/report/markdown';
import { htmlReport } from '../../../../operations/report/html/page';
import { readPlan } from '../../../../operations/report/plan';
import { reportOn, type StackFacts, type StackReport } from '../../../../operations/report/stack-report';

/** A step of `preview --json`. */
export interface RawStep {
  op: string;
  type: string;
  name: string;
  before?: unknown;
  after?: unknown;
  /** Type and name of the component that it is part of. */
  parent?: [type: string, name: string];
  retain?: boolean;
}

/** The report on a plan with these steps. */
export function reportOf(steps: readonly RawStep[], facts: StackFacts = {}): StackReport {
  const plan = readPlan(JSON.stringify({ steps: steps.map(written) }), 'trial');
  return reportOn(plan, facts);
}

export const markdownOf = (steps: readonly RawStep[], facts?: StackFacts) => markdownReport([reportOf(steps, facts)]);
export const htmlOf = (steps: readonly RawStep[], facts?: StackFacts) => htmlReport([reportOf(steps, facts)]);

const urnOf = (type: string, name: string) => `urn:pulumi:trial::aios-network::${type}::${name}`;

function written({ op, type, name, before, after, parent, retain = false }: RawStep) {
  const state = (inputs: unknown) => ({
    type,
    inputs,
    retainOnDelete: retain,
    ...(parent && { parent: urnOf(...parent) }),
  });
  return {
    op,
    urn: urnOf(type, name),
    ...(before !== undefined && { oldState: state(before) }),
    ...(after !== undefined && { newState: state(after) }),
  };
}

/** A Deployment of a service that changes. */
export const deployment = (before: object, after: object, name = 'parser'): RawStep => ({
  op: 'update',
  type: 'kubernetes:apps/v1:Deployment',
  name,
  parent: ['aios:network:NetworkService', name],
  before: { spec: before },
  after: { spec: after },
});
