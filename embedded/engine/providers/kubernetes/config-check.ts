import { isDeepStrictEqual } from 'node:util';
import { UserError } from '../../../shared/errors';
import { differences } from '../../values/diff';
import type { PropertyMap } from '../../values/value';
import type { CheckRequest, CheckResult, DiffKind, DiffRequest, DiffResult } from '../provider';
import { ClusterAccessError, type JsonMap, loadKubeconfig, selectTarget } from '../../../../kubernetes-api';
import { same } from './same';
import { SettingError, readSettings } from './settings';

/** Refuses settings that this provider does not know. */
export function checkConfig({ newInputs }: CheckRequest): CheckResult {
  try {
    readSettings(newInputs);
    return { inputs: newInputs, failures: [] };
  } catch (error) {
    if (!(error instanceof SettingError)) throw error;
    return { inputs: newInputs, failures: [{ property: error.property, reason: error.message }] };
  }
}

const selecting = ['kubeconfig', 'context'];
const IDENTIFIER = 'clusterIdentifier';

/**
 * Another cluster means other objects: then everything is replaced. `clusterIdentifier` decides that where it is set before
 * and after; otherwise the address and certificate authority of the selected cluster do.
 */
export async function diffConfig(request: DiffRequest): Promise<DiffResult> {
  const { oldInputs, newInputs } = request;
  const found = [...differences(oldInputs, newInputs, same)];
  const changed = [...new Set(found.map(({ path }) => String(path[0])))];
  const replaces = changed.length === 0 ? [] : await replacingKeys(oldInputs, newInputs, changed);
  const kindOf = (key: string): DiffKind => {
    const kind = !(key in oldInputs) ? 'add' : !(key in newInputs) ? 'delete' : 'update';
    return replaces.includes(key) ? `${kind}-replace` : kind;
  };
  const detailed = Object.fromEntries(changed.map((key) => [key, kindOf(key)]));
  return { changes: changed.length > 0, replaces, deleteBeforeReplace: false, detailed };
}

async function replacingKeys(old: PropertyMap, next: PropertyMap, changed: string[]): Promise<string[]> {
  const identified = (inputs: PropertyMap) => inputs[IDENTIFIER] !== undefined && inputs[IDENTIFIER] !== '';
  if (identified(next)) {
    if (!changed.includes(IDENTIFIER)) return [];
    // Naming a cluster for the first time makes it no other cluster.
    if (identified(old)) return [IDENTIFIER];
  }
  const deciding = changed.filter((key) => selecting.includes(key));
  if (deciding.length === 0) return [];
  const [before, after] = await Promise.all([selectedCluster(old), selectedCluster(next)]);
  return before && after && !isDeepStrictEqual(before, after) ? deciding : [];
}

/** Undefined where that cannot be told any more: a kubeconfig that has gone, say. */
async function selectedCluster(inputs: PropertyMap): Promise<JsonMap | undefined> {
  try {
    const settings = readSettings(inputs);
    return selectTarget(await loadKubeconfig(settings.kubeconfig), settings).cluster.settings;
  } catch (error) {
    if (error instanceof UserError || error instanceof ClusterAccessError) return undefined;
    throw error;
  }
}
