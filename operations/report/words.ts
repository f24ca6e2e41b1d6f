import type { Change } from './changes';
import type { Properties, Step } from './plan';
import { counted, listed, names, type Phrase, say } from './phrase';
import { lastOf, type Subject } from './subject';
import { at, replicas, restartsPods } from './workload';

/** What changes about a part of the network, in words; what has none of its own is told by its resources. */
export function wordsFor(subject: Subject, steps: readonly Step[]): Phrase[] {
  if (subject.kind === 'database') return databaseWords(steps);
  if (subject.kind === 'service') return serviceWords(steps);
  if (subject.kind === 'governance') return governanceWords(steps);
  return otherWords(steps);
}

/** Its resources, one after the other. */
function otherWords(steps: readonly Step[]): Phrase[] {
  return steps.map(({ op, type, name, changes }) => {
    const kind = lastOf(type);
    if (op !== 'update') return say`${kind} ${name} ${[DONE[op]]}`;
    return say`${kind} ${name}: ${names(
      changes.map(({ path }) => path),
      3,
    )}`;
  });
}

const DONE = { create: 'is added', delete: 'is deleted', replace: 'is replaced' } as const;

function databaseWords(steps: readonly Step[]): Phrase[] {
  const set = find(steps, 'StatefulSet');
  const placement = find(steps, 'DataPlacement');
  return [
    ...(set === undefined ? [] : [...memberWords(set), ...templateWords(set)]),
    ...volumeWords(steps),
    ...changed(placement, 'protect', ({ after }) =>
      after === 'true' ? say`its data is protected from now on` : say`its data is protected no more`,
    ),
  ];
}

function memberWords(set: Step): Phrase[] {
  const { before, after } = replicas(set);
  if (set.op === 'create') return [say`new, with ${[counted(after, 'member')]}`];
  if (set.op === 'delete') return [say`is removed`];
  if (before === after) return [];
  if (after === 0) return [say`all ${before} members stop; their data stays`];
  if (before === 0) return [say`${[counted(after, 'member')]} start again`];
  const rest = restartsPods(set) ? say`` : say`, none restarts`;
  return [say`${before} → ${after} members, one at a time${rest}`];
}

/** Volumes that come are part of members that come. */
function volumeWords(steps: readonly Step[]): Phrase[] {
  const claims = steps.filter(({ type }) => lastOf(type) === 'PersistentVolumeClaim');
  const sizes = claims.flatMap(({ changes, op }) =>
    op === 'update' ? changes.filter(({ path }) => path === 'spec.resources.requests.storage') : [],
  );
  const gone = claims.filter(({ op }) => op === 'delete').map(({ name }) => name);
  const [size] = sizes;
  return [
    ...(size === undefined
      ? []
      : [
          say`${[counted(sizes.length, 'volume')]} grow, ${size.before ?? ''} → ${size.after ?? ''}, while they are in use`,
        ]),
    ...(gone.length === 0
      ? []
      : [say`${[counted(gone.length, 'volume claim')]} of members that leave: ${names(gone)}`]),
  ];
}

function serviceWords(steps: readonly Step[]): Phrase[] {
  const deployment = find(steps, 'Deployment');
  const service = find(steps, 'Service');
  if (deployment?.op === 'create') return [say`is new`];
  if (deployment?.op === 'delete') return [say`is removed`];
  const ports = (service?.op === 'update' ? service.changes : []).filter(({ path }) => /\.(nodeP|p)ort$/.test(path));
  return [
    ...(deployment === undefined ? [] : [...podWords(deployment), ...templateWords(deployment)]),
    ...ports.map(
      ({ path, before, after }) =>
        say`${[path.endsWith('nodePort') ? 'nodePort' : 'port']} ${before ?? ['none']} → ${after ?? ['none']}`,
    ),
  ];
}

function podWords(deployment: Step): Phrase[] {
  const { before, after } = replicas(deployment);
  return before === after ? [] : [say`${before} → ${after} replicas`];
}

/** What of a pod changes: images, variables, resources, and the rest by its name. */
function templateWords({ op, changes }: Step): Phrase[] {
  if (op !== 'update' && op !== 'replace') return [];
  const inPods = changes.filter(
    ({ path }) => path.startsWith('spec.template.spec.') || path.startsWith('spec.template.metadata.'),
  );
  const images = inPods.filter(({ path }) => path.endsWith('.image'));
  const variables = inPods.flatMap(({ path }) => /\.env\[([^\]]*)\]/.exec(path)?.[1] ?? []);
  const resources = inPods.filter(({ path }) => path.includes('.resources.'));
  const scripts = inPods.some(({ path }) => path.includes('members-checksum'));
  const args = inPods.some(({ path }) => /\.(args|command)\[/.test(path));
  return [
    ...unique(images.map(imageWords)),
    ...(variables.length === 0 ? [] : [variableWords([...new Set(variables)])]),
    ...resources.map(
      ({ path, before, after }) =>
        say`${path.split('.resources.')[1]?.replace('.', ' ').replace(/s /, ' ') ?? ''} ${before ?? ['none']} → ${after ?? ['none']}`,
    ),
    ...(args ? [say`its command line`] : []),
    ...(scripts ? [say`the script that manages the members`] : []),
  ];
}

const variableWords = (all: readonly string[]) =>
  say`${[all.length === 1 ? 'variable' : 'variables']} ${names(all, 4)}`;

/** Only the versions where the rest of the name stays. */
function imageWords({ before = '', after = '' }: Change): Phrase {
  const [old, next] = [split(before), split(after)];
  if (old.name !== next.name) return say`image ${before} → ${after}`;
  return say`image ${old.version} → ${next.version}`;
}

function split(image: string): { name: string; version: string } {
  const [, name = image, version = 'latest'] = /^(.*?)(?:[:@]([^/]*))?$/.exec(image) ?? [];
  return { name, version: version.length > 30 ? `${version.slice(0, 19)}…` : version };
}

function governanceWords(steps: readonly Step[]): Phrase[] {
  const maps = steps.filter(({ type }) => type.endsWith('PreCheckPolicies'));
  const policies = steps.filter(({ type }) => lastOf(type) === 'Policy');
  const byOperation = (op: Step['op']) => policies.filter((step) => step.op === op).map(({ name }) => name);
  const told = [
    ['onboarded', byOperation('create')],
    ['changed', byOperation('update')],
    ['onboarded in another version', byOperation('replace')],
    ['no longer onboarded', byOperation('delete')],
  ] as const;
  return [
    ...maps.flatMap(bindingWords),
    ...told.flatMap(([what, own]) =>
      own.length === 0 ? [] : [say`${[own.length === 1 ? 'policy' : 'policies']} ${names(own)} ${[what]}`],
    ),
  ];
}

function bindingWords(map: Step): Phrase[] {
  const where = lastOf(map.type) === 'PreCheckPolicies' ? say`` : say`cluster ${map.name}: `;
  if (map.op === 'delete') return [say`${where}no policy is bound any more`];
  const replicas = changed(map, 'replicas', () => say`${where}every replica of the gateway is told`);
  const [before, after] = [at(map.before, 'bindings') ?? {}, at(map.after, 'bindings') ?? {}] as [
    Properties,
    Properties,
  ];
  const actions = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
  const bindings = actions.flatMap((action) => {
    const words = bindingChange(before[action], after[action]);
    return words === undefined ? [] : [say`${where}${action}: ${words}`];
  });
  return [...bindings, ...replicas];
}

function bindingChange(before: unknown, after: unknown): Phrase | undefined {
  if (JSON.stringify(before) === JSON.stringify(after)) return undefined;
  const [old, next] = [policyOf(before), policyOf(after)];
  if (old !== next) return say`${old ?? ['no policy']} → ${next ?? ['no policy']}`;
  if (next === undefined) return undefined;
  const [was, is] = [(at(before, 'parameters') ?? {}) as Properties, (at(after, 'parameters') ?? {}) as Properties];
  const keys = [...new Set([...Object.keys(was), ...Object.keys(is)])].filter(
    (key) => JSON.stringify(was[key]) !== JSON.stringify(is[key]),
  );
  return say`${next} with ${listed(keys.map((key) => say`${key} ${text(was[key])} → ${text(is[key])}`))}`;
}

/** The rule's name, of a URI that the program has made; else all of it. */
function policyOf(binding: unknown): string | undefined {
  const uri = typeof binding === 'string' ? binding : at(binding, 'policy');
  if (typeof uri !== 'string') return undefined;
  return uri.replace(/^aiosv1\.policies\.cluster-controller-gateway\./, '').replace(/-stable$/, '');
}

const text = (value: unknown) =>
  value === undefined ? ['none'] : typeof value === 'string' ? value : JSON.stringify(value);

const find = (steps: readonly Step[], kind: string) => steps.find(({ type }) => lastOf(type) === kind);

function changed(step: Step | undefined, path: string, words: (change: Change) => Phrase): Phrase[] {
  const change = step?.op === 'update' ? step.changes.find((one) => one.path === path) : undefined;
  return change === undefined ? [] : [words(change)];
}

const unique = (phrases: readonly Phrase[]) => [
  ...new Map(phrases.map((phrase) => [JSON.stringify(phrase), phrase])).values(),
];
