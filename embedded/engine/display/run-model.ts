import { equal } from '../values/value';
import type {
  DiagnosticEvent,
  DisplayEvent,
  Op,
  OutputsEvent,
  PolicyEvent,
  PreludeEvent,
  StepInfo,
  SummaryEvent,
} from './events';
import { SecretMask } from './mask';

/** A resource of the run, and how far its steps have come. */
export interface ResourceNode {
  /** The step that says most of what happens to the resource. */
  step: StepInfo;
  /** What happens to it as a whole: both halves of a replacement are a replacement, a refresh is what it found. */
  op: Op;
  phase: 'running' | 'done' | 'failed';
  /** Milliseconds since the epoch. */
  startedAt: number;
  finishedAt?: number;
  /** What it is waiting for. */
  status?: string;
}

/** What the events so far add up to; each costs the same, however many there were. */
export class RunModel {
  prelude: PreludeEvent | undefined;
  outputs: OutputsEvent | undefined;
  summary: SummaryEvent | undefined;
  /** By URN, in the order in which they came. */
  readonly nodes = new Map<string, ResourceNode>();
  readonly running = new Set<ResourceNode>();
  /** By URN; those of the stack under the empty string. */
  readonly diagnostics = new Map<string, DiagnosticEvent[]>();
  readonly violations: PolicyEvent[] = [];
  readonly mask = new SecretMask();
  /** Number of resources that something has happened to. */
  changed = 0;
  finished = 0;

  apply(event: DisplayEvent): void {
    switch (event.type) {
      case 'prelude':
        this.prelude = event;
        this.mask.learn(event.config);
        if (event.sensitive) this.mask.learn(event.sensitive);
        return;
      case 'step-start':
        this.start(event.step);
        return;
      case 'step-status':
        this.setStatus(event.urn, event.message);
        return;
      case 'step-done':
        this.finish(event.step, event.failed === true);
        return;
      case 'diagnostic':
        this.note(event);
        return;
      case 'policy':
        this.violations.push(event);
        this.mask.learn(event.sensitive);
        return;
      case 'outputs':
        this.outputs = event;
        this.mask.learn(event.old);
        this.mask.learn(event.new);
        return;
      case 'summary':
        this.summary = event;
    }
  }

  /** The first error that was reported about a resource. */
  errorOf(urn: string): string | undefined {
    return this.diagnostics.get(urn)?.find(({ severity }) => severity === 'error')?.message;
  }

  private start(step: StepInfo): void {
    this.learn(step);
    const known = this.nodes.get(step.urn);
    const node = this.merge(known, step, step.op);
    node.phase = 'running';
    node.startedAt = Date.now();
    delete node.finishedAt;
    delete node.status;
    this.running.add(node);
  }

  private finish(step: StepInfo, failed: boolean): void {
    this.learn(step);
    const known = this.nodes.get(step.urn);
    const node = this.merge(known, step, step.op === 'refresh' && !failed ? finding(step) : step.op);
    node.phase = failed ? 'failed' : 'done';
    node.finishedAt = Date.now();
    delete node.status;
    this.running.delete(node);
    if (node.op !== 'same') this.finished++;
  }

  private setStatus(urn: string, message: string): void {
    const node = this.nodes.get(urn);
    if (node?.phase === 'running') node.status = message;
  }

  private note(event: DiagnosticEvent): void {
    if (event.severity === 'debug') return;
    const urn = event.urn ?? '';
    const others = this.diagnostics.get(urn);
    if (others) others.push(event);
    else this.diagnostics.set(urn, [event]);
  }

  private merge(known: ResourceNode | undefined, step: StepInfo, op: Op): ResourceNode {
    if (!known) {
      const node: ResourceNode = { step, op, phase: 'running', startedAt: Date.now() };
      this.nodes.set(step.urn, node);
      if (op !== 'same') this.changed++;
      return node;
    }
    const merged = combine(known.op, op);
    if (known.op === 'same' && merged !== 'same') this.changed++;
    if (known.op !== 'same' && merged === 'same') this.changed--;
    known.op = merged;
    // The deletion of the original knows less than what replaces it.
    if (step.op !== 'delete-replaced') known.step = step;
    return known;
  }

  private learn({ old, new: next }: StepInfo): void {
    if (old) this.mask.learn([old.inputs, old.outputs]);
    if (next) this.mask.learn([next.inputs, next.outputs]);
  }
}

const halvesOfReplacements: ReadonlySet<Op> = new Set(['replace', 'delete-replaced']);

/** What two steps on one resource are together. */
function combine(earlier: Op, later: Op): Op {
  if (later === 'same' && earlier !== 'refresh') return earlier;
  if (earlier === 'same' || earlier === 'refresh' || earlier === later) return later;
  return halvesOfReplacements.has(earlier) || halvesOfReplacements.has(later) ? 'replace' : later;
}

/** What a refresh has found. */
export function finding({ old, new: next, detailedDiff }: StepInfo): Op {
  if (!next) return 'delete';
  const drifted = detailedDiff ? Object.keys(detailedDiff).length > 0 : !equal(old?.inputs, next.inputs);
  return drifted ? 'update' : 'same';
}
