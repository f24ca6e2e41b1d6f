import { isDeepStrictEqual } from 'node:util';
import { UserError } from '../../../shared/errors';
import { PropertyMap, containsUnknown } from '../../values/value';
import { CheckRequest, CheckResult, DiffKind, DiffRequest, DiffResult } from '../provider';
import { JsonMap, loadKubeconfig, selectTarget } from '../../../shared/kubernetes';
import { same } from './same';
import { Settings, readSettings } from './settings';

/** Refuses settings that this provider does not know; in strict mode also those that leave the cluster to chance. */
export function checkConfig({ newInputs, name }: CheckRequest): CheckResult {
  try {
    const settings = readSettings(newInputs);
    return { inputs: newInputs, failures: settings.strictMode ? strictFailures(newInputs, name) : [] };
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    const property = /^provider setting ([\w.]+)/.exec(error.message)?.[1] ?? '';
    return { inputs: newInputs, failures: [{ property, reason: error.message }] };
  }
}

function strictFailures(inputs: PropertyMap, name: string): CheckResult['failures'] {
  const missing = ['kubeconfig', 'context'].filter((key) => inputs[key] === undefined || inputs[key] === '');
  return [
    ...(name.startsWith('default') ? [{ property: '', reason: 'strict mode prohibits the default provider' }] : []),
    ...missing.map((key) => ({ property: key, reason: `strict mode requires the provider setting ${key}` })),
  ];
}

const selecting = ['kubeconfig', 'context', 'cluster'];
const identifier = 'clusterIdentifier';

/**
 * Another cluster means other objects: then everything is replaced. `clusterIdentifier` decides that where it is set before
 * and after; otherwise the address and certificate authority of the selected cluster do.
 */
export async function diffConfig(request: DiffRequest): Promise<DiffResult> {
  const { oldInputs, newInputs } = request;
  const keys = [...new Set([...Object.keys(oldInputs), ...Object.keys(newInputs)])].filter(
    (key) => !key.startsWith('__'),
  );
  const changed = keys.filter((key) => !same([key], oldInputs[key], newInputs[key]));
  const replaces = changed.length === 0 ? [] : await replacingKeys(oldInputs, newInputs, changed);
  const kindOf = (key: string): DiffKind => {
    const kind = !(key in oldInputs) ? 'add' : !(key in newInputs) ? 'delete' : 'update';
    return replaces.includes(key) ? `${kind}-replace` : kind;
  };
  return {
    changes: changed.length > 0,
    replaces,
    deleteBeforeReplace: false,
    detailed: Object.fromEntries(changed.map((key) => [key, kindOf(key)])),
  };
}

async function replacingKeys(old: PropertyMap, next: PropertyMap, changed: string[]): Promise<string[]> {
  const identified = (inputs: PropertyMap) => inputs[identifier] !== undefined && inputs[identifier] !== '';
  if (identified(next)) {
    if (!changed.includes(identifier)) return [];
    // Naming a cluster for the first time makes it no other cluster.
    if (identified(old)) return [identifier];
  }
  const deciding = changed.filter((key) => selecting.includes(key));
  const undecided = deciding.filter((key) => containsUnknown(next[key] ?? null));
  if (undecided.length > 0) return undecided;
  if (deciding.length === 0) return [];
  const [before, after] = await Promise.all([selectedCluster(old), selectedCluster(next)]);
  return before && after && !isDeepStrictEqual(before, after) ? deciding : [];
}

/** Undefined where that cannot be told any more: a kubeconfig that has gone, say. */
async function selectedCluster(inputs: PropertyMap): Promise<JsonMap | undefined> {
  try {
    const settings: Settings = readSettings(inputs);
    return selectTarget(await loadKubeconfig(settings.kubeconfig), settings).cluster.settings;
  } catch (error) {
    if (error instanceof UserError) return undefined;
    throw error;
  }
}
