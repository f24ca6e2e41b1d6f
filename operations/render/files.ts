import { stringify } from 'yaml';
import type { JsonMap } from '../../kubernetes-api';
import type { StackObject } from '../stack-objects/objects';

/** What belongs to no namespace comes first, so that `kubectl apply` finds namespaces before what is in them. */
const CLUSTER_FOLDER = '0-cluster';

/** Fields in the order in which people write them; what they have none for comes after. */
const FIRST = ['apiVersion', 'kind', 'metadata', 'type'];

/**
 * Objects as YAML, one file each, by its path: NAMESPACE/KIND-NAME.yaml. The same objects make the same files.
 *
 * @param withSecrets whether Secrets are among them, their contents masked
 */
export function filesOf(
  objects: readonly StackObject[],
  { withSecrets }: { withSecrets: boolean },
): ReadonlyMap<string, string> {
  const shown = objects.filter(({ kind }) => withSecrets || kind !== 'Secret');
  return new Map(shown.map((object) => [pathOf(object), yamlOf(object.content)]));
}

const pathOf = ({ namespace = CLUSTER_FOLDER, kind, name }: StackObject) =>
  `${namespace}/${kind.toLowerCase()}-${name}.yaml`;

function yamlOf(content: JsonMap): string {
  const keys = [
    ...FIRST.filter((key) => key in content),
    ...Object.keys(content).filter((key) => !FIRST.includes(key)),
  ];
  const ordered = Object.fromEntries(keys.map((key) => [key, content[key]]));
  // kubectl reads YAML 1.1, in which a bare yes is no text.
  return stringify(ordered, { version: '1.1', lineWidth: 0, aliasDuplicateObjects: false });
}
