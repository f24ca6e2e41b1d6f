import { type PropertyMap, mapValues } from '../values/value';
import { safeText } from './describe';
import type { Display, DisplayOptions } from './display';
import type { DiagnosticEvent, DisplayEvent, ResourceView, StepDoneEvent, StepInfo } from './events';
import { plainOf } from './mask';
import { RunModel } from './run-model';

/** For programs: one document at the end, in the shape of the CLI's `preview --json`, with the outputs and the result. */
export class JsonDisplay implements Display {
  private readonly model = new RunModel();
  private readonly steps: StepDoneEvent[] = [];
  private readonly messages: DiagnosticEvent[] = [];
  private closed = false;

  constructor(private readonly options: DisplayOptions) {}

  handle(event: DisplayEvent): void {
    if (this.closed) return;
    this.model.apply(event);
    if (event.type === 'step-done') this.steps.push(event);
    else if (event.type === 'diagnostic' && event.severity !== 'debug') this.messages.push(event);
    else if (event.type === 'summary') this.close();
  }

  close(): void {
    if (this.closed) return;
    this.closed = true;
    this.options.stream.write(`${JSON.stringify(this.document(), undefined, 2)}\n`);
  }

  private document(): object {
    const { prelude, outputs, summary } = this.model;
    return {
      ...(prelude && { config: this.shown(prelude.config) }),
      steps: this.steps.map((event) => this.step(event)),
      diagnostics: this.messages.map((message) => this.diagnostic(message)),
      ...(outputs && { outputs: this.shown(outputs.new) }),
      // The CLI's unit.
      ...(summary && { duration: Math.round(summary.durationMs * 1e6) }),
      changeSummary: summary?.changes ?? {},
      result: summary?.result ?? 'failed',
    };
  }

  private step({ step, failed }: StepDoneEvent): object {
    const provider = step.new?.provider ?? step.old?.provider;
    return {
      op: step.op,
      urn: step.urn,
      ...(provider !== undefined && { provider }),
      ...(step.old && { oldState: this.state(step, step.old) }),
      ...(step.new && { newState: this.state(step, step.new) }),
      ...(step.replaceKeys && { replaceReasons: step.replaceKeys }),
      detailedDiff: step.detailedDiff ? kinds(step.detailedDiff) : null,
      ...(failed && { failed }),
    };
  }

  private state({ urn, type }: StepInfo, { rest, initErrors, inputs, outputs, ...state }: ResourceView): object {
    return {
      urn,
      type,
      ...state,
      inputs: this.shown(inputs),
      outputs: this.shown(outputs),
      ...(initErrors && { initErrors: initErrors.map((message) => safeText(message, this.model)) }),
      ...rest,
    };
  }

  private diagnostic({ urn, severity, message }: DiagnosticEvent): object {
    return { ...(urn !== undefined && { urn }), message: safeText(message, this.model), severity };
  }

  private shown(map: PropertyMap): PropertyMap {
    return mapValues(map, (value) => plainOf(this.model.mask.applyTo(value)));
  }
}

function kinds(detailed: NonNullable<StepInfo['detailedDiff']>): object {
  return Object.fromEntries(Object.entries(detailed).map(([path, kind]) => [path, { kind, inputDiff: false }]));
}
