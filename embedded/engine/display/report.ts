import type { Colors } from 'picocolors/types';
import { STACK_TYPE, parseUrn } from '../state/urn';
import type { PropertyMap } from '../values/value';
import { changeLines, paintLine } from './change-lines';
import { safeText } from './describe';
import { formatDuration } from './duration';
import type { DiagnosticEvent, Op, ResourceView, Severity, SummaryEvent } from './events';
import { noun, paint, WORDINGS } from './operations';
import { policyLines } from './policy-lines';
import { changesBetween } from './property-changes';
import type { RunModel } from './run-model';
import { namedValue } from './value-text';

const INDENT = '    ';

/** What is told when the run is over: messages, outputs, numbers. */
export function reportLines(model: RunModel, preview: boolean, colors: Colors): string[] {
  const sections = [
    section('Diagnostics:', diagnosticLines(model, colors), colors),
    section('Policies:', policyLines(model, colors), colors),
    section('Outputs:', outputLines(model, preview, colors), colors),
    ...(model.summary ? summarySections(model, model.summary, preview, colors) : []),
  ];
  return sections.filter((lines) => lines.length > 0).flatMap((lines) => [...lines, '']);
}

function section(title: string, lines: string[], colors: Colors): string[] {
  return lines.length > 0 ? [colors.bold(colors.magenta(title)), ...lines] : [];
}

function diagnosticLines(model: RunModel, colors: Colors): string[] {
  return [...model.diagnostics].flatMap(([urn, diagnostics]) => [
    `  ${colors.cyan(resourceLabel(urn, model))}:`,
    ...diagnostics.flatMap((diagnostic) => messageLines(diagnostic, model, colors)),
  ]);
}

function messageLines({ severity, message }: DiagnosticEvent, model: RunModel, colors: Colors): string[] {
  const [first = '', ...rest] = safeText(message, model).trimEnd().split('\n');
  const prefix: Record<Severity, string> = {
    debug: '',
    info: '',
    warning: `${colors.yellow('warning:')} `,
    error: `${colors.red('error:')} `,
  };
  return [`${INDENT}${prefix[severity]}${first}`, ...rest.map((line) => `${INDENT}${line}`.trimEnd())];
}

/** `type (name)`; messages of no resource are the stack's. */
function resourceLabel(urn: string, model: RunModel): string {
  if (urn === '') {
    const { project, stack = '' } = model.prelude ?? {};
    return `${STACK_TYPE} (${project === undefined ? stack : `${project}-${stack}`})`;
  }
  const { type, name } = parseUrn(urn);
  return `${type} (${name})`;
}

/** In an update all outputs, in a preview those that change. */
function outputLines(model: RunModel, preview: boolean, colors: Colors): string[] {
  const { outputs, mask } = model;
  if (!outputs) return [];
  const keys = new Set([...Object.keys(outputs.new), ...Object.keys(outputs.old)]);
  return [...keys].sort().flatMap((key) => {
    const changes = changesBetween(only(key, outputs.old), only(key, outputs.new));
    const lines = changes.flatMap((change) => changeLines(change, mask));
    if (lines.length > 0) return lines.map((line) => `  ${paintLine(line, colors)}`);
    const value = outputs.new[key];
    return preview || value === undefined ? [] : namedValue(key, mask.applyTo(value)).map((line) => INDENT + line);
  });
}

function only(key: string, outputs: PropertyMap): ResourceView {
  const value = outputs[key];
  return { inputs: value === undefined ? {} : { [key]: value }, outputs: {} };
}

const phrases: Record<'plan' | 'done', (op: Op) => string> = {
  plan: (op) => `to ${WORDINGS[op].plan}`,
  done: (op) => WORDINGS[op].done,
};

function summarySections(model: RunModel, summary: SummaryEvent, preview: boolean, colors: Colors): string[][] {
  const duration = `${colors.bold('Duration:')} ${formatDuration(summary.durationMs)}`;
  return [
    section('Resources:', countLines(summary, preview, colors), colors),
    [duration, ...endLines(model, summary, colors)],
  ];
}

function countLines({ changes }: SummaryEvent, preview: boolean, colors: Colors): string[] {
  const { same = 0, ...others } = changes;
  const counted = (Object.keys(WORDINGS) as Op[]).flatMap((op) => {
    const count = op === 'same' ? 0 : (others[op] ?? 0);
    if (count === 0) return [];
    return [INDENT + paint(op, colors)(`${WORDINGS[op].symbol} ${count} ${phrases[preview ? 'plan' : 'done'](op)}`)];
  });
  const total = Object.values(others).reduce((sum, count) => sum + count, 0);
  const unchanged = same > 0 ? `${same} unchanged` : '';
  const closing = counted.length > 1 ? [`${total} changes.`, unchanged] : [unchanged];
  const line = closing.filter((text) => text !== '').join(' ');
  return line === '' ? counted : [...counted, INDENT + line];
}

function endLines(model: RunModel, { result }: SummaryEvent, colors: Colors): string[] {
  if (result === 'succeeded') return [];
  return [colors.red(`${noun(model.prelude?.operation ?? 'update')} ${result}`)];
}
