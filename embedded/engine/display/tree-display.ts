import type { Colors } from 'picocolors/types';
import { infoText, statusText } from './describe';
import type { Display, DisplayOptions } from './display';
import { formatDuration } from './duration';
import type { DisplayEvent } from './events';
import { LiveRegion } from './live-region';
import { title } from './operations';
import { reportLines } from './report';
import { resourceDiffLines } from './change-lines';
import { RunModel } from './run-model';
import { type TableRow, tableLines } from './table';
import { type TreeRow, treeRows } from './tree';

/** Narrower terminals cut the last column of a usual Kubernetes resource. */
const ROOMY_COLUMNS = 140;

/**
 * For a terminal. While the run lasts, the tree of what has changed is drawn in place, or, when it is too large for the
 * terminal, what is running now; in the end the tree, messages, outputs and numbers stay.
 */
export class TreeDisplay implements Display {
  private readonly model = new RunModel();
  private readonly region: LiveRegion;
  private readonly startedAt = Date.now();
  private closed = false;

  constructor(
    private readonly options: DisplayOptions,
    private readonly colors: Colors,
  ) {
    this.region = new LiveRegion(options.stream, (rows) => this.frame(rows));
  }

  handle(event: DisplayEvent): void {
    if (this.closed) return;
    this.model.apply(event);
    if (event.type === 'prelude') this.write([`${this.heading()}:`, '']);
    if (event.type === 'summary') this.close();
    else this.region.request();
  }

  close(): void {
    if (this.closed) return;
    this.closed = true;
    this.region.stop();
    const { model, options, colors } = this;
    const tree = treeRows(model);
    const rows = tree.map((row) => this.row(row, options.diff));
    if (rows.length > 0) this.write([...this.table(rows), '']);
    this.write(reportLines(model, options.preview, colors));
  }

  private write(lines: string[]): void {
    if (lines.length > 0) this.options.stream.write(lines.map((line) => `${line}\n`).join(''));
  }

  private heading(): string {
    const { prelude } = this.model;
    return this.colors.bold(prelude ? title(prelude.operation, prelude.stack, this.options.preview) : '');
  }

  private frame(rows: number): string[] {
    const { finished, running } = this.model;
    const elapsed = formatDuration(Date.now() - this.startedAt);
    const progress = this.colors.dim(`${finished} done, ${running.size} running, ${elapsed}`);
    return [...this.body(rows - 2), '', progress];
  }

  private body(rows: number): string[] {
    const { model } = this;
    if (model.changed < rows) {
      const tree = treeRows(model);
      if (tree.length > 0 && tree.length < rows) return this.table(tree.map((row) => this.liveRow(row)));
    }
    const running = [...model.running].slice(0, Math.max(0, rows - 2));
    if (running.length === 0) return [];
    const more = model.running.size - running.length;
    const flat = running.map((node) => this.liveRow({ node, guide: '', continuation: '' }));
    return [...this.table(flat), ...(more > 0 ? [this.colors.dim(`    … ${more} more`)] : [])];
  }

  private table(rows: TableRow[]): string[] {
    return tableLines(rows, this.options.preview ? 'Plan' : 'Status', this.colors);
  }

  /** Where there is little room, what a resource waits for is worth more than its type's package. */
  private liveRow(row: TreeRow): TableRow {
    const live = this.row(row, false);
    const narrow = (this.options.stream.columns ?? 0) < ROOMY_COLUMNS;
    return narrow ? { ...live, type: row.guide + (row.node.step.type.split(':').pop() ?? '') } : live;
  }

  private row({ node, guide, continuation }: TreeRow, withDiff: boolean): TableRow {
    const { model, options, colors } = this;
    const { type, name } = node.step;
    const status = statusText(node, options.preview);
    const details = withDiff
      ? resourceDiffLines(node, model.mask, colors).map((line) => `    ${continuation} ${line}`)
      : [];
    const info = infoText(node, model);
    return {
      op: node.op,
      type: guide + type,
      name,
      status,
      info: node.phase === 'failed' ? colors.red(info) : info,
      details,
    };
  }
}
