import { plainPath } from './changes';
import type { Properties, Step } from './plan';
import { names, type Phrase, say } from './phrase';
import { lastOf, type Subject, subjectOf } from './subject';
import { at, replicas, restartsPods } from './workload';

/** How dangerous a change is, the worst first. */
export const LEVELS = ['data', 'outage', 'checks', 'restart', 'left behind', 'in place', 'added'] as const;

/**
 * - `data`: data can be lost
 * - `outage`: something cannot be reached, for a while or for good
 * - `checks`: the gateway checks less, or something else is open that was closed
 * - `restart`: pods restart, one after the other
 * - `left behind`: something stays, data above all, that the stack knows no more
 * - `in place`: nothing restarts
 * - `added`: it was not there before
 */
export type Level = (typeof LEVELS)[number];

/** What one change costs. */
export interface Impact {
  level: Level;
  /** What happens, in words. */
  text: Phrase;
  /** Workload whose pods restart. */
  restarts?: string;
}

/** Whom a part of the network is missed by. */
export interface Neighbours {
  /** The services that call a service. */
  callersOf(service: string): readonly string[];
  /** The services that use a database. */
  usersOf(database: string): readonly string[];
}

export const compareLevels = (left: Level, right: Level) => LEVELS.indexOf(left) - LEVELS.indexOf(right);

/** What the change of a resource costs: data, downtime, restarts. */
export function impactOf(step: Step, neighbours: Neighbours): Impact {
  const context = { step, subject: subjectOf(step), neighbours };
  if (step.op === 'create') return { level: 'added', text: say`is added` };
  if (step.op === 'delete') return deleted(context);
  if (step.op === 'replace') return replaced(context);
  return updated(context);
}

interface Context {
  step: Step;
  subject: Subject;
  neighbours: Neighbours;
}

type Rule = (context: Context) => Impact;

function ruleOf(rules: Readonly<Record<string, Rule>>, { type }: Step): Rule | undefined {
  const kind = lastOf(type);
  return Object.hasOwn(rules, kind) ? rules[kind] : undefined;
}

const leftBehind = (text: Phrase): Impact => ({ level: 'left behind', text });
const inPlace = (text: Phrase): Impact => ({ level: 'in place', text });

function deleted(context: Context): Impact {
  const { step } = context;
  if (step.protect) return { level: 'data', text: say`would be deleted, and is protected: the update will be refused` };
  if (step.retain) return leftBehind(say`leaves the stack and stays in the cluster`);
  return ruleOf(DELETED, step)?.(context) ?? inPlace(say`is deleted`);
}

const FILES_STAY = say`the member's files stay in the directory on its node, where nothing looks after them any more`;

const DELETED: Readonly<Record<string, Rule>> = {
  Namespace: ({ step }) => ({ level: 'data', text: say`everything in namespace ${step.name} is deleted with it` }),
  PersistentVolumeClaim: ({ step }) =>
    isDirectory(step)
      ? leftBehind(FILES_STAY)
      : {
          level: 'data',
          text: say`a member's volume goes, with its copy of the data unless the StorageClass retains volumes`,
        },
  PersistentVolume: () => leftBehind(FILES_STAY),
  StatefulSet: (context) => ({ level: 'outage', text: say`the database stops for good${missing(users(context))}` }),
  Deployment: (context) => ({ level: 'outage', text: say`stops for good${missing(callers(context))}` }),
  Service: ({ step, subject }) =>
    subject.kind === 'database'
      ? inPlace(say`the member's address goes with it`)
      : { level: 'outage', text: say`its address is gone${portsOf(step.before)}` },
  NetworkPolicy: () => ({ level: 'checks', text: say`its pods can be reached by anybody on any port` }),
  PodDisruptionBudget: () => inPlace(say`a drain of nodes may stop all its pods at once`),
  RandomPassword: () => ({ level: 'outage', text: say`the password is forgotten: nobody can log in with it again` }),
  Secret: () => ({ level: 'outage', text: say`pods that need it do not start any more` }),
  PreCheckPolicies: () => ({
    level: 'checks',
    text: say`the gateway asks none of the stack's policies any more before it acts`,
  }),
  ClusterPreCheckPolicies: ({ step }) => ({
    level: 'checks',
    text: say`cluster ${step.name} has no policies of its own any more`,
  }),
  PolicyExecutor: () => ({ level: 'checks', text: say`no policy can be executed on it any more` }),
  Policy: () => inPlace(say`is no longer onboarded; it is refused while a binding still names it`),
};

function replaced(context: Context): Impact {
  const { step } = context;
  if (step.protect)
    return { level: 'data', text: say`would be replaced, and is protected: the update will be refused` };
  const rule = ruleOf(REPLACED, step);
  if (rule !== undefined) return rule(context);
  if (step.type.startsWith('pulumi:providers:')) {
    return { level: 'data', text: say`another cluster: all that the stack has there would be made anew` };
  }
  return { level: 'outage', text: say`is deleted and made anew` };
}

const REPLACED: Readonly<Record<string, Rule>> = {
  Namespace: ({ step }) => ({ level: 'data', text: say`everything in namespace ${step.name} is deleted with it` }),
  PersistentVolumeClaim: () => ({
    level: 'data',
    text: say`the member gets an empty volume; the old one's data is lost`,
  }),
  PersistentVolume: () => ({
    level: 'data',
    text: say`the member starts with an empty directory; the old one's files stay on the node`,
  }),
  StatefulSet: (context) => ({
    level: 'outage',
    text: say`${membersOf(context.step.before)} stop and start anew, the database is away meanwhile${missing(users(context))}; volumes stay`,
    restarts: context.step.name,
  }),
  Deployment: (context) => ({
    level: 'outage',
    text: say`all its pods stop before new ones start${missing(callers(context))}`,
    restarts: context.step.name,
  }),
  Service: ({ step }) => ({
    level: 'outage',
    text: say`its address fails until it is there again${portsOf(step.before)}`,
  }),
  RandomPassword: () => ({
    level: 'outage',
    text: say`another password, which the database does not know: services cannot log in until it is set there by hand`,
  }),
  Secret: () => inPlace(say`pods read it when they start`),
  ConfigMap: () => inPlace(say`pods read it when they start`),
  Policy: () => inPlace(say`the new version is onboarded before the old one goes`),
  PolicyExecutor: () => ({ level: 'checks', text: say`another executor takes its place` }),
  PodDisruptionBudget: () => inPlace(say`is made anew`),
};

function updated(context: Context): Impact {
  return ruleOf(UPDATED, context.step)?.(context) ?? inPlace(say`changes in place`);
}

const UPDATED: Readonly<Record<string, Rule>> = {
  StatefulSet: updatedDatabase,
  Deployment: updatedDeployment,
  Service: ({ step }) => {
    const moved = step.changes.filter(({ path, before }) => path.endsWith('.nodePort') && before !== undefined);
    if (moved.length === 0) return inPlace(say`changes in place`);
    const ports = moved.map(({ before = '' }) => before);
    return {
      level: 'outage',
      text: say`other clusters that call nodePort ${names(ports)} reach nobody there any more`,
    };
  },
  PersistentVolumeClaim: () => inPlace(say`the volume grows while it is in use`),
  Secret: () => inPlace(say`pods read it when they start`),
  PreCheckPolicies: updatedBindings,
  ClusterPreCheckPolicies: updatedBindings,
  NetworkPolicy: () => inPlace(say`who may connect changes at once`),
};

function updatedDatabase({ step, subject, neighbours }: Context): Impact {
  const { before, after } = replicas(step);
  const users = neighbours.usersOf(subject.name);
  if (after === 0) return { level: 'outage', text: say`all members stop${missing(users)}` };
  if (restartsPods(step)) {
    const text = say`${membersOf(step.before)} restart one at a time; the primary hands over first, which takes seconds`;
    return { level: 'restart', text, restarts: step.name };
  }
  if (before === 0) return inPlace(say`the members start again`);
  return inPlace(before === after ? say`changes in place` : say`one member at a time, none of the others restarts`);
}

function updatedDeployment(context: Context): Impact {
  const { step } = context;
  const { before, after } = replicas(step);
  if (after === 0 && before !== 0) return { level: 'outage', text: say`all its pods stop${missing(callers(context))}` };
  if (!restartsPods(step) || before === 0) return inPlace(replicasText(step));
  const isRecreated = at(step.after, 'spec', 'strategy', 'type') === 'Recreate';
  if (isRecreated) {
    const text = say`is away while it restarts: its pods stop before new ones start${missing(callers(context))}`;
    return { level: 'outage', text, restarts: step.name };
  }
  return { level: 'restart', text: say`restarts, each new pod before an old one goes`, restarts: step.name };
}

function replicasText(step: Step): Phrase {
  const { before, after } = replicas(step);
  if (before === after) return say`changes in place`;
  return before < after ? say`more pods start, none restarts` : say`pods end, none restarts`;
}

/** Bindings that go, or say on purpose that there is no policy. */
function updatedBindings({ step }: Context): Impact {
  const gone = step.changes.filter(
    ({ path, before, after }) =>
      isBinding(path) && before !== undefined && before !== 'null' && (after ?? 'null') === 'null',
  );
  if (gone.length === 0) return inPlace(say`the running gateway is told, nothing restarts`);
  const actions = gone.map(({ path }) => plainPath(path).split('.')[1] ?? path);
  return { level: 'checks', text: say`${names([...new Set(actions)])} is not checked by a policy any more` };
}

const isBinding = (path: string) => /^bindings\.[^.]+(\.policy)?$/.test(plainPath(path));

function membersOf(properties: Properties | undefined): Phrase {
  const count = Number(at(properties, 'spec', 'replicas') ?? 0);
  return [count === 1 ? 'the one member' : `all ${count} members`];
}

/** A directory of a node in place of a volume of a StorageClass. */
const isDirectory = ({ before }: Step) => at(before, 'spec', 'storageClassName') === '';

function portsOf(service: Properties | undefined): Phrase {
  const ports = at(service, 'spec', 'ports');
  const numbers = (Array.isArray(ports) ? ports : []).flatMap((port: unknown) => {
    const { nodePort } = port as { nodePort?: unknown };
    return typeof nodePort === 'number' ? [String(nodePort)] : [];
  });
  return numbers.length === 0 ? [] : say`, for other clusters too (nodePort ${names(numbers)})`;
}

const callers = ({ subject, neighbours }: Context) => neighbours.callersOf(subject.name);
const users = ({ subject, neighbours }: Context) => neighbours.usersOf(subject.name);

function missing(services: readonly string[]): Phrase {
  if (services.length === 0) return [];
  return say`; ${names(services)} ${[services.length === 1 ? 'misses it' : 'miss it']}`;
}
