import type { Colors } from 'picocolors/types';
import { infoText, statusText } from './describe';
import { resourceDiffLines } from './change-lines';
import type { Display, DisplayOptions } from './display';
import type { DisplayEvent, StepInfo } from './events';
import { paint, title, WORDINGS } from './operations';
import { reportLines } from './report';
import { type ResourceNode, RunModel } from './run-model';

/** A step that takes longer gets a line that it is running. */
const LONG_MS = 2000;
/** And another one after that time, with what it is waiting for then. */
const REPEAT_MS = 10_000;
const CHECK_MS = 500;

/** For logs: a line for each finished step, and now and then one for each that takes long. No cursor movements. */
export class PlainDisplay implements Display {
  private readonly model = new RunModel();
  private readonly lastTold = new Map<ResourceNode, number>();
  private timer: NodeJS.Timeout | undefined;
  private closed = false;

  constructor(
    private readonly options: DisplayOptions,
    private readonly colors: Colors,
  ) {}

  handle(event: DisplayEvent): void {
    if (this.closed) return;
    this.model.apply(event);
    if (event.type === 'prelude') {
      this.write([`${this.colors.bold(title(event.operation, event.stack, this.options.preview))}:`]);
    } else if (event.type === 'step-start') this.watch();
    else if (event.type === 'step-done') this.tellEnd(event.step);
    else if (event.type === 'summary') this.close();
  }

  close(): void {
    if (this.closed) return;
    this.closed = true;
    clearInterval(this.timer);
    this.write(['', ...reportLines(this.model, this.options.preview, this.colors)]);
  }

  private write(lines: string[]): void {
    this.options.stream.write(lines.map((line) => `${line}\n`).join(''));
  }

  private watch(): void {
    this.timer ??= setInterval(() => this.tellLong(), CHECK_MS).unref();
  }

  private tellLong(): void {
    if (this.model.running.size === 0) {
      clearInterval(this.timer);
      this.timer = undefined;
    }
    const now = Date.now();
    for (const node of this.model.running) {
      const told = this.lastTold.get(node);
      if (told === undefined ? now - node.startedAt < LONG_MS : now - told < REPEAT_MS) continue;
      this.lastTold.set(node, now);
      this.tell(node);
    }
  }

  private tellEnd({ urn, op }: StepInfo): void {
    const node = this.model.nodes.get(urn);
    if (!node) return;
    this.lastTold.delete(node);
    // The end of what has been replaced has been told with its replacement.
    const isKnown = node.op === 'same' || (op === 'delete-replaced' && node.op === 'replace');
    if (!isKnown || node.phase === 'failed') this.tell(node);
  }

  private tell(node: ResourceNode): void {
    const { model, options, colors } = this;
    const { type, name } = node.step;
    const status = statusText(node, options.preview);
    const info = infoText(node, model);
    const symbol = paint(node.op, colors)(WORDINGS[node.op].symbol.padEnd(2));
    const reason = node.phase === 'done' ? ` ${info}` : `: ${info}`;
    this.write([
      ` ${symbol} ${type} ${name} ${status}${info === '' ? '' : reason}`,
      ...(options.diff && node.phase === 'done' ? this.diff(node) : []),
    ]);
  }

  private diff(node: ResourceNode): string[] {
    return resourceDiffLines(node, this.model.mask, this.colors).map((line) => `      ${line}`);
  }
}
