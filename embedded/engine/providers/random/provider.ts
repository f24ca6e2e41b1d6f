import { UserError } from '../../../shared/errors';
import { diff } from '../../values/diff';
import {
  PropertyMap,
  Secret,
  Unknown,
  Value,
  containsUnknown,
  isPropertyMap,
  reveal,
  unknown,
} from '../../values/value';
import {
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
import { InputRule, RandomKind } from './kind';
import { kindOf } from './kinds';

/** Random values that are made once and kept in the state: any other input makes another value. */
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
    const kind = kindOf(type);
    const problems = { ...typeProblems(kind, newInputs) };
    if (Object.keys(problems).length === 0 && !containsUnknown(newInputs)) {
      Object.assign(problems, kind.validate?.(withDefaults(kind, newInputs)));
    }
    const failures = Object.entries(problems).map(([property, reason]) => ({ property, reason }));
    return Promise.resolve({ inputs: newInputs, failures });
  }

  diff({ type, oldInputs, newInputs }: DiffRequest): Promise<DiffResult> {
    const kind = kindOf(type);
    const changed = diff(withDefaults(kind, oldInputs), withDefaults(kind, newInputs));
    const paths = Object.keys(changed);
    return Promise.resolve({
      changes: paths.length > 0,
      replaces: paths,
      deleteBeforeReplace: false,
      detailed: Object.fromEntries(Object.entries(changed).map(([path, change]) => [path, `${change}-replace`])),
    });
  }

  create({ type, inputs, preview }: CreateRequest): Promise<CreateResult> {
    const kind = kindOf(type);
    const complete = withDefaults(kind, inputs);
    if (!preview) {
      const generated = kind.generate(plainOf(complete));
      return Promise.resolve({ id: generated.id, outputs: { ...generated.outputs, ...inputs } });
    }
    return Promise.resolve({ id: '', outputs: previewed(kind, complete) });
  }

  /** A value lives in the state alone; an import brings it along as its id. */
  read({ type, id, inputs, outputs }: ReadRequest): Promise<ReadResult> {
    if (Object.keys(outputs).length > 0) return Promise.resolve({ id, inputs, outputs });
    return Promise.resolve(kindOf(type).adopt(id));
  }

  update(): Promise<UpdateResult> {
    return Promise.reject(new Error('a random value is never updated, only replaced'));
  }

  delete(): Promise<void> {
    return Promise.resolve();
  }

  invoke(token: string): Promise<PropertyMap> {
    return Promise.reject(new UserError(`the function ${token} is not supported by this engine`));
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}

function typeProblems({ inputs: rules }: RandomKind, inputs: PropertyMap): Record<string, string> {
  const problems: Record<string, string> = {};
  for (const [key, rule] of Object.entries(rules)) {
    if (rule.required && inputs[key] === undefined) problems[key] = 'missing';
  }
  for (const [key, value] of Object.entries(inputs)) {
    const rule = rules[key];
    if (!rule) problems[key] = `unknown input; known are ${Object.keys(rules).join(', ')}`;
    else if (!hasType(value, rule)) problems[key] = `expected a ${rule.type}`;
  }
  return problems;
}

function hasType(value: Value, { type }: InputRule): boolean {
  const plain = value instanceof Secret ? value.value : value;
  if (plain === null || plain instanceof Unknown) return true;
  return type === 'map' ? isPropertyMap(plain) : typeof plain === type;
}

/** The inputs with what they leave out: an explicit default is no change. */
function withDefaults(kind: RandomKind, inputs: PropertyMap): PropertyMap {
  const defaults = Object.entries(kind.inputs).map(([key, rule]) => [key, rule.default] as const);
  const given = Object.entries(inputs).filter(([, value]) => value !== null);
  const all = [...defaults, ...given].filter((entry): entry is [string, Value] => entry[1] !== undefined);
  const completed = Object.fromEntries(all);
  return kind.complete?.(completed) ?? completed;
}

function plainOf(inputs: PropertyMap): PropertyMap {
  const plain = reveal(inputs);
  return isPropertyMap(plain) ? plain : {};
}

/** The inputs, and what will be drawn as not known yet. */
function previewed({ drawn }: RandomKind, inputs: PropertyMap): PropertyMap {
  const outputs = Object.entries(drawn).map(
    ([key, how]) => [key, how === 'secret' ? new Secret(unknown) : unknown] as const,
  );
  return { ...inputs, ...Object.fromEntries(outputs) };
}
