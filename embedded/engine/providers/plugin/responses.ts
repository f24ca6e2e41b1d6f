import { type CheckResponse, DiffResponse, PropertyDiff } from '@pulumi/pulumi/proto/provider_pb';
import { type LeafChange, diff } from '../../values/diff';
import { containsPath, parsePath } from '../../values/paths';
import { type PropertyMap, Secret, type Value, equal, isPropertyMap, mapValues } from '../../values/value';
import { decode, secret } from '../../values/wire';
import type { CheckResult, DiffKind, DiffRequest, DiffResult } from '../provider';

export function checkResult(response: CheckResponse, newInputs: PropertyMap): CheckResult {
  return {
    // A plugin that only found failures may leave the inputs out.
    inputs: response.hasInputs() ? decode(response.getInputs()) : newInputs,
    failures: response
      .getFailuresList()
      .map((failure) => ({ property: failure.getProperty(), reason: failure.getReason() })),
  };
}

type Compared = Pick<DiffRequest, 'oldInputs' | 'newInputs'>;

const kinds: Record<PropertyDiff.Kind, DiffKind> = {
  [PropertyDiff.Kind.ADD]: 'add',
  [PropertyDiff.Kind.ADD_REPLACE]: 'add-replace',
  [PropertyDiff.Kind.DELETE]: 'delete',
  [PropertyDiff.Kind.DELETE_REPLACE]: 'delete-replace',
  [PropertyDiff.Kind.UPDATE]: 'update',
  [PropertyDiff.Kind.UPDATE_REPLACE]: 'update-replace',
};

/** The plugin's verdict; what it leaves open (whether anything changes, and what) is found by comparing the inputs. */
export function diffResult(response: DiffResponse, request: Compared): DiffResult {
  const replaces = response.getReplacesList();
  const changes = verdict(response, request);
  return {
    changes,
    replaces,
    deleteBeforeReplace: response.getDeletebeforereplace(),
    detailed: response.getHasdetaileddiff() ? detailedDiff(response) : changes ? inputDiff(request, replaces) : {},
  };
}

/** The comparison of the inputs, where no plugin can be asked. */
export function diffOfInputs({ oldInputs, newInputs }: Compared): DiffResult {
  const detailed = diff(oldInputs, newInputs);
  return { changes: Object.keys(detailed).length > 0, replaces: [], deleteBeforeReplace: false, detailed };
}

function verdict(response: DiffResponse, { oldInputs, newInputs }: Compared): boolean {
  switch (response.getChanges()) {
    case DiffResponse.DiffChanges.DIFF_NONE:
      return false;
    case DiffResponse.DiffChanges.DIFF_SOME:
      return true;
    default:
      return response.getReplacesList().length > 0 || !equal(oldInputs, newInputs);
  }
}

function detailedDiff(response: DiffResponse): Record<string, DiffKind> {
  const detailed: Record<string, DiffKind> = {};
  response.getDetaileddiffMap().forEach((property, path) => {
    detailed[path] = kinds[property.getKind()];
  });
  return detailed;
}

function inputDiff({ oldInputs, newInputs }: Compared, replaces: string[]): Record<string, DiffKind> {
  const replacing = replaces.map(parsePath);
  const kind = (path: string, change: LeafChange): DiffKind =>
    replacing.some((outer) => containsPath(outer, parsePath(path))) ? `${change}-replace` : change;
  const changed = Object.entries(diff(oldInputs, newInputs));
  return Object.fromEntries(changed.map(([path, change]) => [path, kind(path, change)]));
}

/** Marks as secret what a plugin that knows no secrets returned in the place of a secret input. */
export function restoreSecrets(outputs: PropertyMap, inputs: PropertyMap): PropertyMap {
  return mapValues(outputs, (output, key) => restoreSecret(output, inputs[key]));
}

function restoreSecret(output: Value, input: Value | undefined): Value {
  if (input instanceof Secret) return secret(output);
  if (isPropertyMap(output) && isPropertyMap(input)) return restoreSecrets(output, input);
  if (Array.isArray(output) && Array.isArray(input)) return output.map((item, i) => restoreSecret(item, input[i]));
  return output;
}
