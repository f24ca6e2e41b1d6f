import { type JsonMap, at, isJsonMap, listAt, textAt } from '../../../../kubernetes-api';
import { managersOf } from './field-managers';

/** Whose an object is, as far as its marks tell: for people, and to decide what may be advised. */
export interface Owner {
  /** `another Pulumi stack (field manager pulumi-kubernetes-1a2b3c4d)`. */
  description: string;
  /** Somebody looks after it: it must not be taken over or deleted lightly. */
  isManaged: boolean;
}

export function ownerOf(object: JsonMap): Owner {
  const managers = managersOf(object);
  const controller = listAt(object, 'metadata', 'ownerReferences').find(isJsonMap);
  if (controller) {
    return { description: `${textAt(controller, 'kind')} ${textAt(controller, 'name')}`, isManaged: true };
  }
  const release = textAt(object, 'metadata', 'annotations', 'meta.helm.sh/release-name');
  if (release !== '') return { description: `the Helm release ${release}`, isManaged: true };
  const pulumi = managers.filter((name) => name.startsWith('pulumi-'));
  if (pulumi.length > 0) {
    return { description: `another Pulumi stack (field manager ${pulumi.join(', ')})`, isManaged: true };
  }
  const label = textAt(object, 'metadata', 'labels', 'app.kubernetes.io/managed-by');
  if (label !== '' && label !== 'pulumi') return { description: label, isManaged: true };
  const names = managers.length > 0 ? `fields set by ${managers.join(', ')}` : 'by nobody that left a name';
  return { description: names, isManaged: false };
}

/** Kinds whose objects are, or hold, data: nothing deletes them for the sake of something else. */
const dataKinds = new Set(['Namespace', 'PersistentVolume', 'PersistentVolumeClaim']);

export const holdsData = ({ kind }: { kind: string }) => dataKinds.has(kind);

/** Who leaves a claim whose it is: the cluster's own programs, who touched a detail by hand, and pulumi. */
const KNOWN_MANAGERS = /^(kube-|kubelet|csi-|external-|pulumi-|kubectl-(label|annotate|edit|patch)$)/;

/**
 * Whether a claim is what a StatefulSet's controller made from its template, or what an earlier life of the program left under
 * the name that the template gives: then the set uses it whoever has it, and the program that has the set may take it.
 */
export function isClaimOf(claim: JsonMap, statefulSet: JsonMap): boolean {
  const name = textAt(claim, 'metadata', 'name');
  const templates = listAt(statefulSet, 'spec', 'volumeClaimTemplates').map((template) =>
    textAt(template, 'metadata', 'name'),
  );
  const setName = textAt(statefulSet, 'metadata', 'name');
  const isNamedByIt = templates.some((template) => {
    const prefix = `${template}-${setName}-`;
    return name.startsWith(prefix) && /^\d+$/.test(name.slice(prefix.length));
  });
  const isBeingDeleted = at(statefulSet, 'metadata', 'deletionTimestamp') !== undefined;
  return isNamedByIt && !isBeingDeleted && managersOf(claim).every((manager) => KNOWN_MANAGERS.test(manager));
}
