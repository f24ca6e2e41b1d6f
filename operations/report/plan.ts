import { stripVTControlCharacters } from 'node:util';
import { z } from 'zod';
import { type Change, compareProperties, plainPath, propertiesOf, secretChange, shown } from './changes';
import { redact, redactMessage } from './redact';

const PROPERTIES = z.record(z.string(), z.unknown()).catch({});

const STATE = z.object({
  type: z.string(),
  id: z.string().optional(),
  custom: z.boolean().optional(),
  parent: z.string().optional(),
  protect: z.boolean().optional(),
  retainOnDelete: z.boolean().optional(),
  inputs: PROPERTIES.optional(),
  outputs: PROPERTIES.optional(),
});

const STEP = z.object({
  op: z.string(),
  urn: z.string(),
  oldState: STATE.nullish(),
  newState: STATE.nullish(),
  replaceReasons: z.array(z.string()).nullish(),
  detailedDiff: z.record(z.string(), z.object({ kind: z.string() })).nullish(),
});

/** What both engines print with `preview --json`; keys that only one of them has are left alone. */
const DOCUMENT = z.object({
  config: z.record(z.string(), z.unknown()).nullish(),
  steps: z.array(STEP).nullish(),
  diagnostics: z.array(z.object({ urn: z.string().nullish(), message: z.string(), severity: z.string() })).nullish(),
  changeSummary: z.record(z.string(), z.number()).nullish(),
  result: z.string().nullish(),
});

type Document = z.infer<typeof DOCUMENT>;
type RawStep = z.infer<typeof STEP>;
type State = z.infer<typeof STATE>;

/** What becomes of a resource. */
type Operation = 'create' | 'update' | 'replace' | 'delete';

/** A resource that changes. */
export interface Step {
  op: Operation;
  urn: string;
  /** As in `kubernetes:apps/v1:Deployment`. */
  type: string;
  name: string;
  /** Of the component that it is part of. */
  parent?: { type: string; name: string };
  /** Inputs before and after, secrets taken out. */
  before?: Properties;
  after?: Properties;
  changes: Change[];
  protect: boolean;
  /** Whether a delete leaves it in the cluster. */
  retain: boolean;
}

export type Properties = Readonly<Record<string, unknown>>;

/** What a preview says about a stack. */
export interface Plan {
  stack: string;
  failed: boolean;
  /** Resources that change, in the order of the preview. */
  steps: Step[];
  unchanged: number;
  /** The stack's configuration by full key, as it was previewed; secrets taken out. Absent: it was not told. */
  config?: Properties;
  errors: Message[];
  warnings: Message[];
}

interface Message {
  text: string;
  /** Of the resource that it is about. */
  name?: string;
}

/** The text is no plan, whatever else it may be. */
export class PlanError extends Error {}

/**
 * Reads the output of `preview --json`, the CLI's or the embedded engine's.
 *
 * @param text may have other lines before the document: programs print
 * @param stack name of the stack. Default: the one that the steps tell
 * @throws PlanError if there is no such document
 */
export function readPlan(text: string, stack?: string): Plan {
  const result = DOCUMENT.safeParse(documentIn(text));
  if (!result.success) throw new PlanError('it is no output of `preview --json`');
  const document = result.data;
  const messages = (severity: string) => messagesOf(document, severity);
  const steps = folded(document.steps ?? []).flatMap(stepOf);
  const errors = messages('error');
  return {
    stack: stack ?? stackIn(document),
    failed: errors.length > 0 || (document.result ?? 'succeeded') !== 'succeeded',
    steps,
    unchanged: document.changeSummary?.same ?? 0,
    ...(document.config && { config: redact(document.config) as Properties }),
    errors,
    warnings: messages('warning'),
  };
}

/** A preview that ended without a document. @param message what it said */
export function failedPlan(stack: string, message: string): Plan {
  const text = redactMessage(plainText(message).trim()) || 'the preview ended without saying why';
  return { stack, failed: true, steps: [], unchanged: 0, errors: [{ text }], warnings: [] };
}

/** Of what a name of a stack may consist: names of files are made of it. */
const STACK = /^[A-Za-z0-9._-]+$/;

function stackIn({ steps }: Document): string {
  const name = /^urn:pulumi:([^:]+)::/.exec(steps?.[0]?.urn ?? '')?.[1];
  if (name === undefined || !STACK.test(name)) throw new PlanError('it does not tell which stack it is about');
  return name;
}

/** The document for keeping: without what stays as it is, and without the secrets that its engine does not know of. */
export function keptPlan(text: string): string | undefined {
  const document = documentIn(text);
  if (!DOCUMENT.safeParse(document).success) return undefined;
  const { steps, ...rest } = document as Document;
  const changing = (steps ?? []).filter(({ op }) => op !== 'same');
  return `${JSON.stringify(redact({ ...rest, steps: changing }))}\n`;
}

function documentIn(text: string): unknown {
  for (const start of text.matchAll(/^\{/gm)) {
    try {
      return JSON.parse(text.slice(start.index));
    } catch {
      // What a program printed may begin with a brace as well.
    }
  }
  return undefined;
}

function messagesOf({ diagnostics }: Document, severity: string): Message[] {
  const own = (diagnostics ?? []).filter((message) => message.severity === severity);
  const messages = own.map(({ urn, message }): Message => {
    const name = urn?.split('::').at(-1);
    return { text: redactMessage(plainText(message).trim()), ...(name !== undefined && name !== '' && { name }) };
  });
  return messages.filter(({ text }) => text !== '' && !NOISE.some((noise) => noise.test(text)));
}

/** What says nothing of the change: the CLI's last word on any failure, and where it found its plugins. */
const NOISE = [
  /^preview failed$/,
  /^using pulumi-\S+ from \$PATH at /,
  /^resource plugin \S+ is expected to have version/,
];

/** Without colours, the CLI's own marks for them, and the word that says what kind of message it is. */
const plainText = (text: string) =>
  stripVTControlCharacters(text)
    .replace(/<\{%[^%]*%\}>/g, '')
    .replace(/^(error|warning): /, '')
    .replace(/^Preview failed: /, '')
    // A provider's check: the type and the name are told beside it.
    .replace(/^\S+ resource '[^']*': property \S+ value \{<nil>\} has a problem: /, '');

/** A replacement comes as up to three steps of one resource. */
function folded(steps: readonly RawStep[]): RawStep[] {
  const byUrn = new Map<string, RawStep>();
  for (const step of steps) {
    const { oldState, newState, replaceReasons, detailedDiff, ...first } = byUrn.get(step.urn) ?? step;
    byUrn.set(step.urn, {
      ...first,
      op: [first.op, step.op].find((op) => operationOf(op) === 'replace') ?? step.op,
      oldState: oldState ?? step.oldState,
      newState: newState ?? step.newState,
      replaceReasons: replaceReasons ?? step.replaceReasons,
      detailedDiff: detailedDiff ?? step.detailedDiff,
    });
  }
  return [...byUrn.values()];
}

const OPERATIONS: Readonly<Record<string, Operation>> = {
  create: 'create',
  import: 'create',
  update: 'update',
  delete: 'delete',
  replace: 'replace',
  'create-replacement': 'replace',
  'delete-replaced': 'replace',
  'import-replacement': 'replace',
  'read-replacement': 'replace',
  discard: 'delete',
};

const operationOf = (op: string): Operation | undefined => (Object.hasOwn(OPERATIONS, op) ? OPERATIONS[op] : undefined);

function stepOf(raw: RawStep): Step[] {
  const op = operationOf(raw.op);
  const state = raw.newState ?? raw.oldState;
  if (op === undefined || !state) return [];
  const parent = parentOf(state);
  const before = inputsOf(raw.oldState);
  const after = op === 'delete' ? undefined : inputsOf(raw.newState);
  return [
    {
      op,
      urn: raw.urn,
      type: state.type,
      name: raw.urn.split('::').at(-1) ?? '',
      ...(parent !== undefined && { parent }),
      ...(before !== undefined && { before }),
      ...(after !== undefined && { after }),
      changes: changesOf(raw, op, before, after),
      protect: raw.oldState?.protect ?? false,
      retain: raw.oldState?.retainOnDelete ?? false,
    },
  ];
}

function parentOf({ parent }: State): { type: string; name: string } | undefined {
  const [, , types, name] = parent?.split('::') ?? [];
  return types === undefined || name === undefined ? undefined : { type: types.split('$').at(-1) ?? types, name };
}

function inputsOf(state: State | null | undefined): Properties | undefined {
  return state?.inputs === undefined ? undefined : (redact(state.inputs) as Properties);
}

function changesOf(raw: RawStep, op: Operation, before: Properties = {}, after: Properties = {}): Change[] {
  if (op === 'create') return propertiesOf(after);
  if (op === 'delete') return [];
  const own = compareProperties(before, after).filter((change) => !isSameVariable(change));
  const seen = own.map(({ path }) => plainPath(path));
  const related = (path: string) => seen.some((other) => other.startsWith(path) || path.startsWith(other));
  // What the inputs do not show: secrets, and what was changed by other hands.
  const further = Object.keys(raw.detailedDiff ?? {}).filter((path) => !related(plainPath(path)));
  const reasons = (raw.replaceReasons ?? []).map(plainPath);
  const causes = ({ path }: Change) => reasons.some((reason) => startsAt(plainPath(path), reason));
  const all = [...own, ...further.map((path) => unseen(path, raw, after))];
  return all.map((change) => ({ ...change, replaces: op === 'replace' && causes(change) }));
}

/** A variable without a value is empty: to leave the value out, as a provider may, is no change. */
const isSameVariable = ({ path, before = '""', after = '""' }: Change) =>
  /\.env\[[^\]]*\]\.value$/.test(path) && before === after;

const startsAt = (path: string, reason: string) => path === reason || path.startsWith(`${reason}.`);

/** A change that the inputs do not tell: what is there now, against what is wanted. */
function unseen(path: string, raw: RawStep, after: Properties): Change {
  const keys = [...path.matchAll(/\["([^"]*)"\]|\[(\d+)\]|[^.[\]]+/g)].map(
    ([whole, quoted, index]) => quoted ?? index ?? whole,
  );
  const outputs = redact(raw.oldState?.outputs ?? {});
  const [found, wanted] = [at(outputs, keys), at(after, keys)];
  if (found === undefined || JSON.stringify(found) === JSON.stringify(wanted)) return secretChange(path);
  return { path, before: shown(found), ...(wanted !== undefined && { after: shown(wanted) }), replaces: false };
}

function at(value: unknown, keys: readonly string[]): unknown {
  return keys.reduce<unknown>((inner, key) => (inner as Record<string, unknown> | undefined | null)?.[key], value);
}
