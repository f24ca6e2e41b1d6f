import { type PropertyMap, type Value, mapValues } from '../values/value';
import { safeText } from './describe';
import type { DiagnosticEvent, Severity, StepInfo } from './events';
import { plainOf } from './mask';
import type { RunModel } from './run-model';

/** Properties for a JSON document. @param secret what stands for each secret; by default a mask */
export function shownMap(model: RunModel, map: PropertyMap, secret?: Value): PropertyMap {
  return mapValues(map, (value) => plainOf(model.mask.applyTo(value), secret));
}

/** A message as the CLI tells it to programs: with its line's end, its severity before it. */
export function shownMessage(model: RunModel, { severity, message }: DiagnosticEvent) {
  return { prefix: prefixOf(severity), message: `${safeText(message, model).trimEnd()}\n` };
}

const prefixOf = (severity: Severity) => (severity === 'info' ? '' : `${severity}: `);

/** What the CLI's engine says last when a step failed, a mandatory policy was violated or the run was interrupted; undefined otherwise. */
export function closingError({ summary, nodes, violations }: RunModel, preview: boolean): DiagnosticEvent | undefined {
  const stepFailed = [...nodes.values()].some(({ phase }) => phase === 'failed');
  const isBreached = violations.some(({ level }) => level === 'mandatory');
  const end = summary?.result === 'cancelled' ? 'canceled' : stepFailed || isBreached ? 'failed' : undefined;
  const message = `${preview ? 'preview' : 'update'} ${end}`;
  return end === undefined ? undefined : { type: 'diagnostic', severity: 'error', message };
}

/** @param key what the kind of a difference is called there */
export function shownDiff({ detailedDiff }: StepInfo, key: 'kind' | 'diffKind'): object | null {
  if (!detailedDiff) return null;
  return Object.fromEntries(
    Object.entries(detailedDiff).map(([path, kind]) => [path, { [key]: kind, inputDiff: false }]),
  );
}

/** The members that say something: the CLI leaves the others out. */
export const unlessEmpty = (members: Record<string, object | string>) =>
  Object.fromEntries(Object.entries(members).filter(([, value]) => Object.keys(value).length > 0));
