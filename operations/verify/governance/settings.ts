import { isDeepStrictEqual } from 'node:util';
import { ACTION_NAMES, ACTIONS } from '../../../policies/actions';
import { URI_PREFIX } from '../../../policies/packaging';
import { canonicalText, isJsonObject, minimized, type Json } from '../../../policies/provider/wire/value';

/** The gateway's settings of governance, in one place where they are found. */
export interface Settings {
  /** `POLICY_EXECUTION_MODE`; undefined where it is not set. */
  mode: string | undefined;
  /** `POLICY_SYSTEM_EXECUTOR_ID`; undefined where it is not set. */
  executor: string | undefined;
  /** The network's map, by the keys that the gateway looks up. Can be anything. */
  map: unknown;
}

/** A map as the stack wants it. */
export interface WantedMap {
  map: Record<string, unknown>;
  /** Keys of the map that the stack names, with a policy or with null. */
  listed: readonly string[];
  /** Whether keys that are not listed have to be absent. */
  removesUnlisted: boolean;
}

/** Settings as the stack wants them. */
export type WantedSettings = Settings & WantedMap;

/** The settings of what runs. */
interface RunningSettings {
  /** Of each pod. */
  pods: readonly Pick<Settings, 'mode' | 'executor'>[];
  /** The maps of so many answers that every process was heard, in all likelihood; its processes may differ. */
  maps: readonly unknown[];
}

/** One setting in its three places. */
export interface Row {
  setting: string;
  wanted: string;
  deployment: string;
  running: string;
  differs: boolean;
}

const NONE = '(none)';
/** The stack leaves the action to others. */
const NOT_OURS = '(not named)';

/** Compares what is wanted, what a gateway that restarts would start with, and what runs. */
export function compare(wanted: WantedSettings, deployment: Settings, { pods, maps }: RunningSettings): Row[] {
  const rows = [
    plainRow('execution mode', wanted.mode, deployment.mode, each(pods, 'mode'), 'pods'),
    plainRow('executor', wanted.executor, deployment.executor, each(pods, 'executor'), 'pods'),
  ];
  const broken = [deployment.map, ...maps].filter((map) => !isJsonObject(map));
  if (broken.length > 0) rows.push(plainRow('action map', {}, deployment.map, maps));
  const keys = new Set([...actionKeys, ...[wanted.map, deployment.map, ...maps].flatMap(keysIn)]);
  return [...rows, ...[...keys].map((key) => actionRow(key, wanted, deployment.map, maps))];
}

/**
 * Compares a cluster's map with the gateway's answer. The Deployment has no part in it: it is kept in the clusters registry.
 *
 * @param running undefined: there is no such cluster
 */
export function compareCluster(clusterId: string, { map, ...rest }: WantedMap, running: unknown): Row[] {
  // As the clusters registry can hold it.
  const wanted: WantedMap = { ...rest, map: minimized(map as Json) as Record<string, unknown> };
  const place = (key: string) => ({ setting: `${clusterId}: ${key}`, deployment: '' });
  if (!isJsonObject(running)) {
    const found = running === undefined ? '(not registered)' : show(running);
    return wanted.listed.map((key) => ({
      ...place(key),
      wanted: show(wanted.map[key]),
      running: found,
      differs: true,
    }));
  }
  const keys = new Set([...wanted.listed, ...keysIn(running)]);
  return [...keys].map((key) => ({ ...actionRow(key, wanted, running, [running]), ...place(key) }));
}

const actionKeys = ACTION_NAMES.flatMap((action) => ACTIONS[action].keys);

/** @param unit what each of the running values was heard from */
function plainRow(
  setting: string,
  wanted: unknown,
  deployment: unknown,
  running: readonly unknown[],
  unit: 'pods' | 'answers' = 'answers',
): Row {
  const places = [deployment, ...running];
  const differs = running.length === 0 || places.some((value) => !isDeepStrictEqual(value, wanted));
  return { setting, wanted: show(wanted), deployment: show(deployment), running: showAll(running, unit), differs };
}

function actionRow(key: string, wanted: WantedMap, deployment: unknown, maps: readonly unknown[]): Row {
  const row = plainRow(key, wanted.map[key], valueIn(deployment, key), each(maps.map(asMap), key));
  if (wanted.removesUnlisted || wanted.listed.includes(key)) return row;
  return { ...row, wanted: NOT_OURS, differs: false };
}

function showAll(values: readonly unknown[], unit: string): string {
  if (values.length === 0) return '(nothing runs)';
  const shown = values.map(show);
  const distinct = [...new Set(shown)];
  if (distinct.length === 1) return distinct[0] ?? NONE;
  return distinct
    .map((text) => `${text} (${shown.filter((other) => other === text).length} of ${shown.length} ${unit})`)
    .join('; ');
}

/** The ready-made names all begin alike: what they begin with would only make the lines long. */
function show(value: unknown): string {
  if (value === undefined) return NONE;
  if (typeof value === 'string') return value.startsWith(URI_PREFIX) ? `…${value.slice(URI_PREFIX.length)}` : value;
  if (!isJsonObject(value) || typeof value.policyRuleURI !== 'string') return jsonOf(value);
  const { policyRuleURI, parameters } = value;
  const hasParameters = !isJsonObject(parameters) || Object.keys(parameters).length > 0;
  return hasParameters ? `${show(policyRuleURI)} ${jsonOf(parameters)}` : show(policyRuleURI);
}

/** What is equal looks equal. */
const jsonOf = (value: unknown) => canonicalText(value as Json);

const asMap = (value: unknown) => (isJsonObject(value) ? value : {});
const keysIn = (value: unknown) => Object.keys(asMap(value));
const valueIn = (value: unknown, key: string) => asMap(value)[key];

function each(values: readonly object[], key: string): unknown[] {
  return values.map((value) => (value as Record<string, unknown>)[key]);
}
