import { ACTIONS, ACTION_NAMES, type Action, type Level, toGatewayMap } from '../../actions';
import type { Fields } from '../check/fields';
import { nearest } from '../../nearest';
import type { GatewayMap } from '../services/gateway';
import {
  type Json,
  type JsonObject,
  type Properties,
  Secret,
  type Value,
  containsSecret,
  containsUnknown,
  equal,
  isJsonObject,
  isProperties,
  minimized,
  open,
  reveal,
} from '../wire/value';

/** `name:version-tag`. */
const POLICY_URI = /^[^\s/:]+:[^\s/:]+-[^\s/:]+$/;
const URI_RULE =
  'be the URI of a policy, name:version-tag, as in aiosv1.policies.cluster-controller-gateway.add-node:v0.0.12-stable';

interface Binding {
  policy: string;
  parameters?: JsonObject;
}

type Bindings = Partial<Record<Action, Binding | null>>;

const isAction = (name: string): name is Action => Object.hasOwn(ACTIONS, name);

/** Examines the input `bindings`: which policy each action has. */
export function checkBindings(fields: Fields): void {
  const bindings = fields.object('bindings');
  const values = fields.valueOf('bindings');
  if (!bindings || !isProperties(values)) return;
  for (const action of Object.keys(values)) {
    if (isAction(action)) checkBinding(bindings, action);
    else {
      const meant = nearest(action, ACTION_NAMES);
      bindings.fail(
        action,
        `no such action; ${meant ? `did you mean ${meant}?` : `the ten are ${ACTION_NAMES.join(', ')}`}`,
      );
    }
  }
}

function checkBinding(bindings: Fields, action: Action): void {
  if (bindings.valueOf(action) === null) return;
  const binding = bindings.object(action, {
    must: 'be null (no policy), or an object {policy, parameters} whose policy is the URI of one',
  });
  if (!binding) return;
  binding.only(['policy', 'parameters']).text('policy', { must: URI_RULE, pattern: POLICY_URI });
  binding.object('parameters', { optional: true });
  const parameters = binding.valueOf('parameters');
  if (ACTIONS[action].form === 'uri' && isProperties(parameters) && Object.keys(parameters).length > 0) {
    binding.fail(
      'parameters',
      `the gateway takes only the URI for ${action}, and would drop them; set them as the parameters of the policy itself`,
    );
  }
}

/** A binding given as its URI alone, as the object that it stands for. */
export function withFullBindings(inputs: Properties): Properties {
  const { bindings } = inputs;
  if (!isProperties(open(bindings))) return inputs;
  const full = (binding: Value): Value => (typeof open(binding) === 'string' ? { policy: binding } : binding);
  const entries = Object.entries(bindingsOf(inputs)).map(([action, binding]) => [action, full(binding)] as const);
  const named = Object.fromEntries(entries);
  return { ...inputs, bindings: bindings instanceof Secret ? new Secret(named) : named };
}

/**
 * The part of the gateway's map that checked inputs ask for. That of a cluster is as its registry can hold it, without
 * empty objects: what is written otherwise would never read as written.
 */
export function wantedMap(inputs: Properties): GatewayMap {
  const bindings = reveal(inputs.bindings ?? {}) as unknown as Bindings;
  const full = Object.entries(bindings).map(([action, binding]) => [action, binding && { parameters: {}, ...binding }]);
  const map = toGatewayMap(Object.fromEntries(full) as Parameters<typeof toGatewayMap>[0]) as GatewayMap;
  return levelOf(inputs) === 'cluster' ? (minimized(map) as GatewayMap) : map;
}

/** The inputs of a cluster's map name the cluster. */
const levelOf = ({ clusterId }: Properties): Level => (clusterId === undefined ? 'network' : 'cluster');

/** The keys of the gateway's map that the inputs name, with a policy or with null. */
export function listedKeys(inputs: Properties): string[] {
  return Object.keys(bindingsOf(inputs)).flatMap((action) => (isAction(action) ? ACTIONS[action].keys : [action]));
}

export function bindingsOf({ bindings }: Properties): Properties {
  const opened = open(bindings);
  return isProperties(opened) ? opened : {};
}

/**
 * The bindings that the gateway's map amounts to, for the actions that the inputs name; where it is what the inputs ask for,
 * in their own words. What is no proper binding is given as it is, so that it shows as a difference.
 *
 * @param others which keys that the inputs do not name are given as well
 */
export function bindingsIn(live: Json, inputs: Properties, others: 'all' | 'actions' | 'none'): Properties {
  const map = isJsonObject(live) ? live : {};
  const listed = bindingsOf(inputs);
  const wanted = containsUnknown(listed) ? {} : wantedMap(inputs);
  const found = others === 'none' ? [] : Object.keys(map).map(actionOf);
  const foreign = others === 'actions' ? found.filter(isAction) : found;
  const names = new Set([...Object.keys(listed), ...foreign]);
  const bindingIn = (name: string): Value => {
    const given = listed[name];
    if (given !== undefined && keysOf(name).every((key) => equal(map[key], wanted[key]))) return given;
    const found = bindingOf(map, name, inputs);
    return given !== undefined && containsSecret(given) && found !== null ? new Secret(found) : found;
  };
  return Object.fromEntries([...names].map((name) => [name, bindingIn(name)]));
}

function bindingOf(map: GatewayMap, name: string, inputs: Properties): Value {
  return isAction(name) ? properBinding(name, map, inputs) : rawValue(keysOf(name), map);
}

function properBinding(action: Action, map: GatewayMap, inputs: Properties): Value {
  const { form, keys } = ACTIONS[action];
  const value = map[keys[0]];
  const binding = form === 'uri' ? uriBinding(value) : objectBinding(value);
  const isProper =
    binding && keys.every((key) => equal(map[key], wantedMap({ ...inputs, bindings: { [action]: binding } })[key]));
  return isProper ? binding : rawValue(keys, map);
}

const uriBinding = (value: Json | undefined) => (typeof value === 'string' ? { policy: value } : undefined);

function objectBinding(value: Json | undefined): Properties | undefined {
  if (!isJsonObject(value) || typeof value.policyRuleURI !== 'string') return undefined;
  const { parameters } = value;
  const hasSome = isJsonObject(parameters) && Object.keys(parameters).length > 0;
  return { policy: value.policyRuleURI, ...(hasSome && { parameters }) };
}

/** What is in the place of a binding: nothing, one value, or several that should be one. */
function rawValue(keys: readonly string[], map: GatewayMap): Value {
  const present = keys.filter((key) => map[key] !== undefined);
  if (present.length === 0) return null;
  const [only = ''] = present;
  return keys.length === 1 ? (map[only] ?? 'null') : Object.fromEntries(present.map((key) => [key, map[key] ?? null]));
}

const keysOf = (name: string): readonly string[] => (isAction(name) ? ACTIONS[name].keys : [name]);

/** The action that a key of the gateway's map belongs to, or the key itself. */
function actionOf(key: string): string {
  return ACTION_NAMES.find((action) => (ACTIONS[action].keys as readonly string[]).includes(key)) ?? key;
}

/** The map with every value secret whose binding holds a secret. */
export function withSecrets(map: Json, inputs: Properties): Value {
  if (!isJsonObject(map)) return map;
  const bindings = bindingsOf(inputs);
  const mark = (key: string, value: Json): Value => {
    const binding = bindings[actionOf(key)];
    const isSecret = inputs.bindings instanceof Secret || (binding !== undefined && containsSecret(binding));
    return isSecret ? new Secret(value) : value;
  };
  return Object.fromEntries(Object.entries(map).map(([key, value]) => [key, mark(key, value)]));
}

/** The actions of these inputs whose policies nothing ever asks. */
function unconsulted(inputs: Properties): Action[] {
  const level = levelOf(inputs);
  return Object.entries(bindingsOf(inputs)).flatMap(([action, binding]) => {
    if (!isAction(action) || binding === null) return [];
    return (ACTIONS[action].consulted as readonly Level[]).includes(level) ? [] : [action];
  });
}

/** What a preview should say about bindings that have no effect. */
export function remarksOn(inputs: Properties): string[] {
  const actions = unconsulted(inputs);
  if (actions.length === 0) return [];
  const verb = actions.length === 1 ? 'is' : 'are';
  const where =
    levelOf(inputs) === 'network'
      ? 'never asked by the gateway as deployed (6b2b17a); other releases may enforce them'
      : "never asked in a cluster's map (6b2b17a): there only add_node and remove_node are; bind the others in the whole network";
  return [`${actions.join(', ')}: stored, but ${verb} ${where}`];
}
