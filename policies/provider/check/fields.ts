import { type Properties, Secret, Unknown, type Value, isProperties, open } from '../wire/value';
import { nearest } from '../../nearest';

export interface CheckFailure {
  /** Path of the input. */
  property: string;
  /** Value, rule and fix. */
  reason: string;
}

interface Rule {
  /** What the value has to be, as in "must be …". */
  must: string;
  optional?: boolean;
}

/**
 * The inputs of a resource under examination: collects what is wrong with them, all of it, before anything is done. A value
 * that is not known yet passes; it is examined again when it is.
 */
export class Fields {
  constructor(
    private readonly values: Properties,
    readonly failures: CheckFailure[] = [],
    private readonly path = '',
  ) {}

  /** Refuses keys that nothing reads. */
  only(keys: readonly string[]): this {
    for (const key of Object.keys(this.values)) {
      if (keys.includes(key)) continue;
      const meant = nearest(key, keys);
      this.fail(key, `there is no such input; ${meant ? `did you mean ${meant}?` : `known are ${keys.join(', ')}`}`);
    }
    return this;
  }

  text(key: string, rule: Rule & { pattern?: RegExp; accepts?: (text: string) => boolean }): void {
    this.examine(key, rule, (value) => {
      if (typeof value !== 'string') return false;
      return (rule.pattern?.test(value) ?? true) && (rule.accepts?.(value) ?? true);
    });
  }

  choice(key: string, choices: readonly string[]): void {
    this.text(key, { must: `be ${choices.join(' or ')}`, optional: true, accepts: (text) => choices.includes(text) });
  }

  integer(key: string, { least, most, optional }: { least: number; most: number; optional?: boolean }): void {
    this.examine(key, { must: `be an integer from ${least} to ${most}`, optional: optional ?? false }, (value) => {
      return typeof value === 'number' && Number.isInteger(value) && value >= least && value <= most;
    });
  }

  number(key: string, rule: Rule): void {
    this.examine(key, rule, (value) => typeof value === 'number' && value >= 0);
  }

  flag(key: string): void {
    this.examine(key, { must: 'be true or false', optional: true }, (value) => typeof value === 'boolean');
  }

  list(key: string): void {
    this.examine(key, { must: 'be a list' }, (value) => Array.isArray(value));
  }

  /** @returns the object's own fields, or undefined if there is none to look into */
  object(key: string, rule: Partial<Rule> = {}): Fields | undefined {
    const value = this.examine(key, { must: 'be an object', ...rule }, isProperties);
    return isProperties(value) ? new Fields(value, this.failures, this.pathOf(key)) : undefined;
  }

  /** The value, without the wrapper of a secret; undefined if it is absent or not known yet. */
  valueOf(key: string): Value | undefined {
    const value = open(this.values[key]);
    return value instanceof Unknown ? undefined : value;
  }

  fail(key: string, reason: string): void {
    this.failures.push({ property: this.pathOf(key), reason });
  }

  private examine(key: string, rule: Rule, accepts: (value: Value) => boolean): Value | undefined {
    const raw = this.values[key];
    if (raw === undefined) {
      if (rule.optional !== true) this.fail(key, `is missing; it must ${rule.must}`);
      return undefined;
    }
    const value = this.valueOf(key);
    if (value === undefined || accepts(value)) return value;
    this.fail(key, `${show(raw)}: must ${rule.must}`);
    return undefined;
  }

  private pathOf(key: string): string {
    return this.path === '' ? key : `${this.path}.${key}`;
  }
}

/** A value as error messages may quote it. */
export function show(value: Value): string {
  if (value instanceof Secret) return '[secret]';
  const text = JSON.stringify(value, (_key, part: unknown) => (part instanceof Secret ? '[secret]' : part));
  return text.length > 120 ? `${text.slice(0, 120)}…` : text;
}
