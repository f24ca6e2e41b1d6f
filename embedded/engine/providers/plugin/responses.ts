import { type CheckResponse, DiffResponse, PropertyDiff } from '@pulumi/pulumi/proto/provider_pb';
import { diff } from '../../values/diff';
import { type PropertyMap, equal } from '../../values/value';
import { decode } from '../../values/wire';
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

/** By the protocol's numbers: its ADD_REPLACE is `add-replace`. */
const kinds = Object.fromEntries(
  Object.entries(PropertyDiff.Kind).map(([name, kind]) => [kind, name.toLowerCase().replace('_', '-') as DiffKind]),
);

/** The plugin's verdict; what it leaves open (whether anything changes, and what) is found by comparing the inputs. */
export function diffResult(response: DiffResponse, request: Compared): DiffResult {
  const changes = verdict(response, request);
  return {
    changes,
    replaces: response.getReplacesList(),
    deleteBeforeReplace: response.getDeletebeforereplace(),
    detailed: response.getHasdetaileddiff() ? detailedDiff(response) : changes ? diffOfInputs(request).detailed : {},
  };
}

/** The comparison of the inputs, where the plugin does not know the call. */
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
    detailed[path] = kinds[property.getKind()] ?? 'update';
  });
  return detailed;
}
