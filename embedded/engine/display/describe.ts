import { stripVTControlCharacters } from 'node:util';
import { formatDuration } from './duration';
import type { StepInfo } from './events';
import { WORDINGS } from './operations';
import { changedKeys, changesOf } from './property-changes';
import type { ResourceNode, RunModel } from './run-model';

/** Shorter than this, nobody wants to know how long a step took. */
const NOTABLE_MS = 1000;

/** `create`, `creating (12s)`, `created (12s)`, `creating failed`. */
export function statusText(node: ResourceNode, preview: boolean): string {
  const words = WORDINGS[node.op];
  if (node.op === 'same' && node.phase === 'done') return '';
  if (node.phase === 'failed') return preview ? 'failed' : `${words.running} failed`;
  if (preview) return words.plan;
  const elapsed = (node.finishedAt ?? Date.now()) - node.startedAt;
  const time = elapsed >= NOTABLE_MS ? ` (${formatDuration(elapsed)})` : '';
  return (node.phase === 'running' ? words.running : words.done) + time;
}

/** What there is to say about a node besides its status: what it waits for, why it failed, what is different. */
export function infoText(node: ResourceNode, model: RunModel): string {
  if (node.phase === 'running' && node.status !== undefined) return firstLine(node.status, model);
  const error = node.phase === 'failed' ? model.errorOf(node.step.urn) : undefined;
  if (error !== undefined) return firstLine(error, model);
  return [diffText(node.step), warningText(node, model)].filter((text) => text !== '').join(' ');
}

/** A tree that is drawn ten times a second needs the same comparisons each time. */
const diffTexts = new WeakMap<StepInfo, string>();

function diffText(step: StepInfo): string {
  const known = diffTexts.get(step);
  if (known !== undefined) return known;
  const keys = changedKeys(changesOf(step));
  const text = keys === '' ? '' : `[diff: ${keys}]`;
  diffTexts.set(step, text);
  return text;
}

function warningText({ step }: ResourceNode, model: RunModel): string {
  const warnings = model.diagnostics.get(step.urn)?.filter(({ severity }) => severity === 'warning').length ?? 0;
  if (warnings === 0) return '';
  return warnings === 1 ? '1 warning' : `${warnings} warnings`;
}

/** A message fit for the terminal: without secrets, and without control characters of its sender. */
export function safeText(message: string, model: RunModel): string {
  return model.mask.apply(stripVTControlCharacters(message).replaceAll('\r', ''));
}

function firstLine(message: string, model: RunModel): string {
  return safeText(message, model).trim().split('\n')[0] ?? '';
}
