import type { Topology } from '../diagram/topology';
import { type Mark, type Marks, svgOf } from '../diagram/svg';
import { stepsOf } from './attribution';
import type { Change } from './changes';
import type { Decisions } from './decisions';
import type { Findings } from './findings';
import { compareLevels, type Impact, impactOf, LEVELS, type Level, type Neighbours } from './impact';
import type { Plan, Step } from './plan';
import type { Phrase } from './phrase';
import { type Subject, subjectKey, subjectOf } from './subject';
import { wordsFor } from './words';

/** A resource that changes, and what that costs. */
export interface ResourceChange {
  step: Step;
  impact: Impact;
}

/** A part of the network that changes. */
interface SubjectChange {
  subject: Subject;
  /** The worst of its resources'. */
  level: Level;
  /** What changes. */
  words: Phrase[];
  /** What that costs; of several resources with the same words, once. */
  costs: Impact[];
  /** Properties that cause a replacement. */
  causes: { resource: Step; change: Change }[];
  resources: ResourceChange[];
}

/** Parts of the network that change alike: a release is one line, however many services it restarts. */
export interface Story extends Pick<SubjectChange, 'level' | 'words' | 'costs' | 'causes'> {
  subjects: SubjectChange[];
}

/** A key of the configuration that differs from the base, with what it changes. */
export interface KeyChange {
  change: Change;
  subjects: string[];
  resources: number;
}

/** Everything that a report says about a stack. */
export interface StackReport {
  plan: Plan;
  /** The most dangerous first. */
  subjects: SubjectChange[];
  /** Numbers of resources by operation. */
  counts: Record<Step['op'], number>;
  /** Workloads whose pods restart. */
  restarts: string[];
  /** Undefined where the base is not known. */
  keys?: KeyChange[];
  decisions?: Decisions;
  findings?: Findings;
  /** The topology with what changes marked. Absent where the stack's file cannot be used. */
  picture?: string;
}

/** What is known of a stack beside its plan. */
export interface StackFacts {
  /** As the stack's file has it. */
  topology?: Topology;
  /** As it was; what is gone is shown as it goes. */
  baseTopology?: Topology;
  keys?: Change[];
  decisions?: Decisions;
  findings?: Findings;
}

/** Puts together what a plan means. */
export function reportOn(plan: Plan, facts: StackFacts): StackReport {
  const topology = withGone(facts.topology, facts.baseTopology);
  const neighbours = neighboursIn(topology);
  const resources = plan.steps.map((step): ResourceChange => ({ step, impact: impactOf(step, neighbours) }));
  const subjects = subjectsOf(resources);
  const { decisions, findings } = facts;
  return {
    plan,
    subjects,
    counts: countsOf(plan.steps),
    restarts: [...new Set(resources.flatMap(({ impact }) => impact.restarts ?? []))].sort(),
    ...(facts.keys !== undefined && { keys: facts.keys.map((change) => keyChange(change, plan.steps)) }),
    ...(decisions !== undefined && { decisions }),
    ...(findings !== undefined && { findings }),
    ...(topology !== undefined && { picture: svgOf(topology, marksOf(subjects)) }),
  };
}

/** What changes alike, told once; the most dangerous first. */
export function storiesOf({ subjects }: StackReport): Story[] {
  const stories = new Map<string, Story>();
  for (const subject of subjects) {
    const { level, words, costs, causes } = subject;
    const alike =
      words.length === 0
        ? subjectKey(subject.subject)
        : JSON.stringify([level, words, costs.map(({ text }) => text), causes.length]);
    const story = stories.get(alike);
    if (story === undefined) stories.set(alike, { subjects: [subject], level, words, costs, causes });
    else story.subjects.push(subject);
  }
  return [...stories.values()];
}

/** Whether policies or bindings change of which nobody has replayed what that makes of the decisions. */
export function lacksDecisions({ decisions, subjects }: StackReport): boolean {
  return (
    decisions === undefined && subjects.some((one) => one.subject.kind === 'governance' && one.resources.some(decides))
  );
}

/** That another replica of the gateway is told decides nothing. */
const decides = ({ step }: ResourceChange) =>
  step.op !== 'update' || step.changes.some(({ path }) => path !== 'replicas');

/** The worst that happens to a stack; undefined where nothing does. */
export function worstLevel({ subjects }: StackReport): Level | undefined {
  return LEVELS.find((level) => subjects.some((one) => one.level === level));
}

function countsOf(steps: readonly Step[]): Record<Step['op'], number> {
  const of = (op: Step['op']) => steps.filter((step) => step.op === op).length;
  return { replace: of('replace'), delete: of('delete'), update: of('update'), create: of('create') };
}

function subjectsOf(resources: readonly ResourceChange[]): SubjectChange[] {
  const groups = new Map<string, [ResourceChange, ...ResourceChange[]]>();
  for (const resource of resources) {
    const key = subjectKey(subjectOf(resource.step));
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [resource]);
    else group.push(resource);
  }
  const all = [...groups.values()].map(subjectChange);
  return all.toSorted((one, other) => compareLevels(one.level, other.level) || byName(one, other));
}

/** What has pods. */
const WORKLOAD = /:(Deployment|StatefulSet)$/;

const byName = (one: SubjectChange, other: SubjectChange) => (one.subject.name < other.subject.name ? -1 : 1);

function subjectChange(group: readonly [ResourceChange, ...ResourceChange[]]): SubjectChange {
  const subject = subjectOf(group[0].step);
  const resources = group.toSorted((one, other) => compareLevels(one.impact.level, other.impact.level));
  const level = resources[0]?.impact.level ?? 'in place';
  const isRemoved = resources.some(({ step }) => step.op === 'delete' && WORKLOAD.test(step.type));
  // What is harmless is said by what changes, and what is gone needs no protection.
  const least = isRemoved ? 'outage' : 'left behind';
  const telling = resources.filter(({ impact }) => compareLevels(impact.level, least) <= 0);
  return {
    subject,
    level,
    words: wordsFor(
      subject,
      group.map(({ step }) => step),
    ),
    costs: unique(telling.map(({ impact }) => impact)),
    causes: group.flatMap(({ step }) =>
      step.changes.filter(({ replaces }) => replaces).map((change) => ({ resource: step, change })),
    ),
    resources,
  };
}

const unique = (impacts: readonly Impact[]) => [
  ...new Map(impacts.map((impact) => [JSON.stringify(impact.text), impact])).values(),
];

function keyChange(change: Change, steps: readonly Step[]): KeyChange {
  const own = stepsOf(change, steps);
  return { change, subjects: [...new Set(own.map((step) => subjectOf(step).name))].sort(), resources: own.length };
}

function neighboursIn(topology: Topology | undefined): Neighbours {
  return {
    callersOf: (service) => (topology?.calls ?? []).filter(({ to }) => to === service).map(({ from }) => from),
    usersOf: (database) =>
      (topology?.namespaces ?? [])
        .filter((namespace) => namespace.database?.name === database)
        .flatMap(({ services }) => services.filter(({ usesDatabase }) => usesDatabase).map(({ name }) => name)),
  };
}

/** The topology with what the base has and it has not. */
function withGone(topology: Topology | undefined, base: Topology | undefined): Topology | undefined {
  if (topology === undefined || base === undefined) return topology;
  const there = new Set(topology.namespaces.flatMap(({ services }) => services.map(({ name }) => name)));
  const isGone = (name: string) => !there.has(name);
  return {
    ...topology,
    namespaces: topology.namespaces.map((namespace) => {
      const old = base.namespaces.find(({ name }) => name === namespace.name)?.services ?? [];
      return { ...namespace, services: [...namespace.services, ...old.filter(({ name }) => isGone(name))] };
    }),
    calls: [...topology.calls, ...base.calls.filter(({ from, to }) => isGone(from) || isGone(to))],
  };
}

function marksOf(subjects: readonly SubjectChange[]): Marks {
  return new Map(
    subjects.flatMap((one): [string, Mark][] => {
      const { kind, name } = one.subject;
      return kind === 'service' || kind === 'database' ? [[name, markOf(one)]] : [];
    }),
  );
}

/** What becomes of the pods; a new disruption budget does not make a service new. */
function markOf({ resources }: SubjectChange): Mark {
  const workload = resources.find(({ step }) => WORKLOAD.test(step.type));
  const anyReplaced = resources.some(({ step }) => step.op === 'replace');
  if (anyReplaced) return 'replaced';
  if (workload?.step.op === 'create') return 'added';
  if (workload?.step.op === 'delete') return 'deleted';
  return workload?.impact.restarts === undefined ? 'changed' : 'restarted';
}
