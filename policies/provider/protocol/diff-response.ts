import { DiffResponse, PropertyDiff } from '@pulumi/pulumi/proto/provider_pb';
import { type ChangeKind, topLevel } from '../wire/difference';

const KINDS = {
  add: PropertyDiff.Kind.ADD,
  delete: PropertyDiff.Kind.DELETE,
  update: PropertyDiff.Kind.UPDATE,
} as const;

const REPLACING_KINDS = {
  add: PropertyDiff.Kind.ADD_REPLACE,
  delete: PropertyDiff.Kind.DELETE_REPLACE,
  update: PropertyDiff.Kind.UPDATE_REPLACE,
} as const;

/** @param identity inputs whose change replaces the resource: the new one is made before the old one goes */
export function diffResponse(changes: ReadonlyMap<string, ChangeKind>, identity: readonly string[]): DiffResponse {
  const { DIFF_NONE, DIFF_SOME } = DiffResponse.DiffChanges;
  const response = new DiffResponse()
    .setChanges(changes.size === 0 ? DIFF_NONE : DIFF_SOME)
    .setHasdetaileddiff(true)
    .setDeletebeforereplace(false);
  for (const [path, kind] of changes) {
    const replaces = identity.includes(topLevel(path));
    const detail = new PropertyDiff().setKind((replaces ? REPLACING_KINDS : KINDS)[kind]).setInputdiff(true);
    response.getDetaileddiffMap().set(path, detail);
    if (replaces) response.addReplaces(topLevel(path));
  }
  response.setDiffsList([...new Set([...changes.keys()].map(topLevel))]);
  return response;
}
