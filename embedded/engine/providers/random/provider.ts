import { diff } from '../../values/diff';
import {
  type PropertyMap,
  Secret,
  Unknown,
  type Value,
  containsUnknown,
  isPropertyMap,
  reveal,
  unknown,
} from '../../values/value';
import type {
  CheckRequest,
  CheckResult,
  CreateRequest,
  CreateResult,
  DiffRequest,
  DiffResult,
  Provider,
  ReadRequest,
  ReadResult,
  UpdateResult,
} from '../provider';
import { type InputRule, drawPassword, passwordInputs, validatePassword } from './password';

const PASSWORD_TYPE = 'random:index/randomPassword:RandomPassword';

/**
 * Passwords that are drawn once and kept in the state: any other input makes another one. Of the package this is all that
 * there is, without the output `bcryptHash`, which the real provider adds to what it finds in the state.
 */
export class RandomProvider implements Provider {
  checkConfig({ newInputs }: CheckRequest): Promise<CheckResult> {
    const own = new Set(['version', 'pluginDownloadURL', 'pluginChecksums']);
    const surplus = Object.keys(newInputs).filter((key) => !own.has(key) && !key.startsWith('__'));
    const reason = 'the random provider has no settings';
    return Promise.resolve({ inputs: newInputs, failures: surplus.map((property) => ({ property, reason })) });
  }

  diffConfig({ oldInputs, newInputs }: DiffRequest): Promise<DiffResult> {
    const detailed = diff(oldInputs, newInputs);
    const changes = Object.keys(detailed).length > 0;
    return Promise.resolve({ changes, replaces: [], deleteBeforeReplace: false, detailed });
  }

  configure(): Promise<void> {
    return Promise.resolve();
  }

  check({ type, newInputs }: CheckRequest): Promise<CheckResult> {
    if (type !== PASSWORD_TYPE) {
      const reason = `${type} is not supported by this engine; of the random package it has RandomPassword. Use that, or the pulumi CLI`;
      return Promise.resolve({ inputs: newInputs, failures: [{ property: '', reason }] });
    }
    const problems = typeProblems(newInputs);
    if (Object.keys(problems).length === 0 && !containsUnknown(newInputs)) {
      Object.assign(problems, validatePassword(complete(newInputs)));
    }
    const failures = Object.entries(problems).map(([property, reason]) => ({ property, reason }));
    return Promise.resolve({ inputs: newInputs, failures });
  }

  diff({ oldInputs, newInputs }: DiffRequest): Promise<DiffResult> {
    const changed = diff(complete(oldInputs), complete(newInputs));
    const paths = Object.keys(changed);
    return Promise.resolve({
      changes: paths.length > 0,
      replaces: paths,
      deleteBeforeReplace: false,
      detailed: Object.fromEntries(Object.entries(changed).map(([path, change]) => [path, `${change}-replace`])),
    });
  }

  create({ inputs, preview }: CreateRequest): Promise<CreateResult> {
    const completed = complete(inputs);
    if (preview) return Promise.resolve({ id: '', outputs: { ...completed, result: new Secret(unknown) } });
    const result = new Secret(drawPassword(plainOf(completed)));
    // The id is not secret: it must not be the password.
    return Promise.resolve({ id: 'none', outputs: { ...completed, ...inputs, id: 'none', result } });
  }

  /** A password lives in the state alone. */
  read({ id, inputs, outputs }: ReadRequest): Promise<ReadResult> {
    return Promise.resolve({ id, inputs, outputs });
  }

  update(): Promise<UpdateResult> {
    return Promise.reject(new Error('a password is never updated, only replaced'));
  }

  delete(): Promise<void> {
    return Promise.resolve();
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}

function typeProblems(inputs: PropertyMap): Record<string, string> {
  const problems: Record<string, string> = {};
  for (const [key, rule] of Object.entries(passwordInputs)) {
    if (rule.required && inputs[key] === undefined) problems[key] = 'missing';
  }
  for (const [key, value] of Object.entries(inputs)) {
    const rule = passwordInputs[key];
    if (!rule) problems[key] = `unknown input; known are ${Object.keys(passwordInputs).join(', ')}`;
    else if (!hasType(value, rule)) problems[key] = `expected a ${rule.type}`;
  }
  return problems;
}

function hasType(value: Value, { type }: InputRule): boolean {
  const plain = value instanceof Secret ? value.value : value;
  if (plain === null || plain instanceof Unknown) return true;
  return type === 'map' ? isPropertyMap(plain) : typeof plain === type;
}

/** The inputs with what they leave out, and `number` and `numeric` agreed: an explicit default is no change. */
function complete(inputs: PropertyMap): PropertyMap {
  const defaults = Object.entries(passwordInputs).map(([key, rule]) => [key, rule.default] as const);
  const given = Object.entries(inputs).filter(([, value]) => value !== null);
  const all = [...defaults, ...given].filter((entry): entry is [string, Value] => entry[1] !== undefined);
  const completed = Object.fromEntries(all);
  const numeric = completed.numeric ?? completed.number ?? true;
  return { ...completed, numeric, number: numeric };
}

function plainOf(inputs: PropertyMap): PropertyMap {
  const plain = reveal(inputs);
  return isPropertyMap(plain) ? plain : {};
}
