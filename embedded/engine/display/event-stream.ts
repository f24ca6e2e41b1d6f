import { secretRecord } from '../state/secret-record';
import { STACK_TYPE } from '../state/urn';
import type { PropertyMap } from '../values/value';
import { safeText } from './describe';
import type { Display, DisplayOptions } from './display';
import type {
  DiagnosticEvent,
  DisplayEvent,
  PolicyEvent,
  PreludeEvent,
  ResourceView,
  StepInfo,
  SummaryEvent,
} from './events';
import { closingError, shownDiff, shownMap, shownMessage, unlessEmpty } from './json-values';
import { MASKED } from './mask';
import { RunModel } from './run-model';

const HIDDEN = secretRecord({ ciphertext: MASKED });

/** What the CLI knows besides as steps of the engine alone. */
const physical: ReadonlySet<string> = new Set(['create-replacement', 'delete-replaced', 'refresh']);

/** An update, refresh or destroy for programs: a line of JSON for each event, as the CLI prints them. */
export class EventStream implements Display {
  private readonly model = new RunModel();
  private readonly begun = new Set<string>();
  /** The stack's step, which ends when the program has put out what it puts out. */
  private stack: StepInfo | undefined;
  private sequence = 0;
  private closed = false;

  constructor(private readonly options: DisplayOptions) {}

  handle(event: DisplayEvent): void {
    if (this.closed) return;
    this.model.apply(event);
    if (event.type === 'prelude') this.prelude(event);
    else if (event.type === 'step-start') this.begin(event.step);
    else if (event.type === 'step-done') this.end(event.step, event.failed);
    else if (event.type === 'step-status') this.tell({ ...event, type: 'diagnostic', severity: 'info' }, true);
    else if (event.type === 'policy') this.violation(event);
    else if (event.type === 'outputs') this.endStack(event.new);
    else if (event.type === 'summary') this.summary(event);
    else if (event.severity !== 'debug') this.tell(event);
  }

  close(): void {
    if (this.closed) return;
    this.closed = true;
    if (this.model.prelude) this.write('cancelEvent', {});
  }

  private write(name: string, content: object): void {
    const event = { sequence: this.sequence++, timestamp: Math.floor(Date.now() / 1000), [name]: content };
    this.options.stream.write(`${JSON.stringify(event)}\n`);
  }

  private prelude({ config }: PreludeEvent): void {
    this.write('preludeEvent', { config: shownMap(this.model, config) });
  }

  private begin(step: StepInfo): void {
    this.begun.add(`${step.op} ${step.urn}`);
    const notYet = step.op === 'refresh' ? {} : { id: '', outputs: {} };
    const known = step.new && { ...step, new: { ...step.new, ...notYet } };
    for (const op of halves(step)) this.write('resourcePreEvent', { metadata: this.metadata(known ?? step, op) });
  }

  private end(step: StepInfo, failed = false): void {
    if (!this.begun.delete(`${step.op} ${step.urn}`)) this.begin(step);
    if (failed) this.write('resOpFailedEvent', { metadata: this.metadata(step), status: 0, steps: 0 });
    else if (step.type === STACK_TYPE && step.new && step.op !== 'refresh') this.stack = step;
    else for (const op of halves(step)) this.write('resOutputsEvent', { metadata: this.metadata(step, op) });
  }

  private endStack(outputs?: PropertyMap): void {
    const { stack } = this;
    if (!stack?.new) return;
    const complete = { ...stack, new: { ...stack.new, ...(outputs && { outputs }) } };
    this.write('resOutputsEvent', { metadata: this.metadata(complete) });
    this.stack = undefined;
  }

  /** @param ephemeral it is gone when the step goes on */
  private tell(event: DiagnosticEvent, ephemeral = false): void {
    const { prefix, message } = shownMessage(this.model, event);
    const { urn, severity } = event;
    const known = unlessEmpty({ urn: urn ?? '', prefix });
    this.write('diagnosticEvent', { ...known, message, color: 'never', severity, ...(ephemeral && { ephemeral }) });
  }

  private violation({ urn, message, policy, pack, version, level }: PolicyEvent): void {
    this.write('policyEvent', {
      ...unlessEmpty({ resourceUrn: urn }),
      message: `${safeText(message, this.model)}\n`,
      color: 'never',
      policyName: policy,
      policyPackName: pack,
      policyPackVersion: version,
      policyPackVersionTag: version,
      enforcementLevel: level,
    });
  }

  private summary({ durationMs, changes, result, policyPacks = [] }: SummaryEvent): void {
    this.endStack();
    const closing = closingError(this.model, false);
    if (closing) this.tell(closing);
    this.write('summaryEvent', {
      maybeCorrupt: false,
      durationSeconds: Math.ceil(durationMs / 1000),
      resourceChanges: changes,
      PolicyPacks: Object.fromEntries(policyPacks.map(({ name, version, path }) => [`${name}|local|${path}`, version])),
      isPreview: false,
      result: result === 'succeeded' ? result : 'failed',
    });
    this.close();
  }

  private metadata(step: StepInfo, op: string = step.op): object {
    const { urn, type, old, new: next, replaceKeys = [] } = step;
    return {
      op,
      urn,
      type,
      old: old ? this.state(step, old) : null,
      new: next ? this.state(step, next) : null,
      ...unlessEmpty({ keys: replaceKeys }),
      detailedDiff: shownDiff(step, 'diffKind'),
      ...(!physical.has(op) && { logical: true }),
      provider: next?.provider ?? old?.provider ?? '',
    };
  }

  private state({ urn, type }: StepInfo, view: ResourceView): object {
    const { id = '', parent = '', provider = '', inputs, outputs, initErrors = [] } = view;
    const flags = ['custom', 'delete', 'protect', 'external', 'retainOnDelete'] as const;
    return {
      type,
      urn,
      ...Object.fromEntries(flags.filter((flag) => view[flag]).map((flag) => [flag, true])),
      id,
      parent,
      inputs: shownMap(this.model, inputs, HIDDEN),
      outputs: shownMap(this.model, outputs, HIDDEN),
      provider,
      ...unlessEmpty({ initErrors: initErrors.map((message) => safeText(message, this.model)) }),
    };
  }
}

/** A replacement is two steps to the CLI: that there is one, and the new resource of it. */
const halves = ({ op }: StepInfo): string[] => (op === 'replace' ? ['replace', 'create-replacement'] : [op]);
