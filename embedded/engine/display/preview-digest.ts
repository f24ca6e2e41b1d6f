import { resourceText } from '../state/resource-json';
import { STACK_TYPE } from '../state/urn';
import { safeText } from './describe';
import type { Display, DisplayOptions } from './display';
import type { DiagnosticEvent, DisplayEvent, PolicyEvent, ResourceView, StepDoneEvent, StepInfo } from './events';
import { closingError, shownDiff, shownMap, shownMessage, unlessEmpty } from './json-values';
import { MASKED } from './mask';
import { RunModel, finding } from './run-model';

/**
 * A preview for programs: one document at its end, as the CLI prints it. Of unchanged resources it tells of the stack alone;
 * a step's new state is what is known before the step.
 */
export class PreviewDigest implements Display {
  private readonly model = new RunModel();
  private readonly steps = new Map<string, object>();
  private readonly messages: DiagnosticEvent[] = [];
  private closed = false;

  constructor(private readonly options: DisplayOptions) {}

  handle(event: DisplayEvent): void {
    if (this.closed) return;
    this.model.apply(event);
    if (event.type === 'step-start') this.begin(event.step);
    else if (event.type === 'step-done') this.end(event);
    else if (event.type === 'policy') this.messages.push(violationMessage(event));
    else if (event.type === 'diagnostic' && event.severity !== 'debug') this.messages.push(event);
    else if (event.type === 'summary') this.close();
  }

  close(): void {
    if (this.closed) return;
    this.closed = true;
    if (this.model.prelude) this.options.stream.write(`${JSON.stringify(this.document(), undefined, 4)}\n`);
  }

  private begin(step: StepInfo): void {
    const key = `${step.op} ${step.urn}`;
    if (isTold(step) && !this.steps.has(key)) this.steps.set(key, this.step(step));
  }

  private end({ step, failed }: StepDoneEvent): void {
    this.begin(step);
    if (step.op !== 'refresh' || failed || this.model.prelude?.operation !== 'refresh') return;
    const op = finding(step);
    if (op !== 'same') this.steps.set(`${step.op} ${step.urn}`, this.step({ ...step, op }));
  }

  private document(): object {
    const { model, messages, steps } = this;
    const { prelude, summary } = model;
    const diagnostics = [...messages, closingError(model, true) ?? []].flat();
    return {
      ...unlessEmpty({
        config: shownMap(model, prelude?.config ?? {}),
        steps: [...steps.values()],
        diagnostics: diagnostics.map((message) => this.diagnostic(message)),
      }),
      // The CLI's unit.
      ...(summary && { duration: Math.round(summary.durationMs * 1e6) }),
      ...unlessEmpty({ changeSummary: summary?.changes ?? {} }),
    };
  }

  private step(step: StepInfo): object {
    const { op, urn, old, new: next, replaceKeys = [] } = step;
    const isFound = this.model.prelude?.operation === 'refresh' || op === 'refresh';
    const provider = next?.provider ?? old?.provider;
    const notYet = { id: '', outputs: {}, created: old?.created ?? '', modified: old?.modified ?? '' };
    return {
      op,
      urn,
      ...(provider !== undefined && { provider }),
      ...(old && { oldState: this.state(step, old) }),
      ...(next && { newState: this.state(step, isFound ? next : { ...next, ...notYet }) }),
      ...unlessEmpty({ replaceReasons: replaceKeys }),
      detailedDiff: shownDiff(step, 'kind'),
    };
  }

  private state({ urn, type }: StepInfo, view: ResourceView): object {
    const { model } = this;
    const shown = {
      custom: false,
      ...view,
      urn,
      type,
      inputs: shownMap(model, view.inputs),
      outputs: shownMap(model, view.outputs),
      ...(view.initErrors && { initErrors: view.initErrors.map((message) => safeText(message, model)) }),
    };
    return JSON.parse(resourceText(shown, () => JSON.stringify(MASKED))) as object;
  }

  private diagnostic(event: DiagnosticEvent): object {
    const { prefix, message } = shownMessage(this.model, event);
    return { ...(event.urn !== undefined && { urn: event.urn }), message: prefix + message, severity: event.severity };
  }
}

/** The CLI's document leaves violations out, and its reader without a reason why the preview has failed. */
function violationMessage({ urn, level, policy, pack, message }: PolicyEvent): DiagnosticEvent {
  const severity = level === 'mandatory' ? 'error' : 'warning';
  return { type: 'diagnostic', severity, urn, message: `${level} policy ${policy} of ${pack}: ${message}` };
}

/** The end of an original is told with its replacement. */
function isTold({ op, type, old, new: next }: StepInfo): boolean {
  if (op === 'same') return type === STACK_TYPE || Boolean(old?.protect) !== Boolean(next?.protect);
  return op !== 'delete-replaced';
}
