import { type PropertyMap, type Value, isPropertyMap, unknown } from '../../values/value';
import type { JsonMap } from '../../../../kubernetes-api';
import { toProperties, withoutMetadata } from './object';
import { keepCiphertexts, markSecrets } from './secrets';

/** Keys of a state's outputs that are the provider's own memory. */
export const MEMORY = {
  inputs: '__inputs',
  initialApiVersion: '__initialApiVersion',
  fieldManager: '__fieldManager',
} as const;

/** Where a resource's outputs come from. */
interface OutputSources {
  /** The object as the API server has it. */
  live: JsonMap;
  inputs: PropertyMap;
  fieldManager: string;
  /** Outputs of the state that these follow; empty for a new resource. */
  old?: PropertyMap;
}

/** The outputs of a resource: the object, and what the provider has to remember. */
export function outputsOf({ live, inputs, fieldManager, old = {} }: OutputSources): PropertyMap {
  const object = markSecrets(withoutMetadata(toProperties(live), ['managedFields']), inputs);
  const outputs: PropertyMap = {
    ...object,
    [MEMORY.inputs]: inputs,
    [MEMORY.initialApiVersion]: old[MEMORY.initialApiVersion] ?? inputs.apiVersion ?? object.apiVersion ?? '',
    [MEMORY.fieldManager]: fieldManager,
  };
  const kept = keepCiphertexts(outputs, old);
  return isPropertyMap(kept) ? kept : outputs;
}

/**
 * What can be said of an object before it is created.
 *
 * @param object as a dry run of the API server shows it, or just the inputs
 */
export function previewedOutputs(object: PropertyMap, inputs: PropertyMap): PropertyMap {
  const marked = markSecrets(withoutMetadata(object, ['managedFields']), inputs);
  const { metadata, spec } = marked;
  return {
    ...marked,
    metadata: isPropertyMap(metadata)
      ? { ...metadata, uid: unknown, resourceVersion: unknown, creationTimestamp: unknown, generation: unknown }
      : (metadata ?? {}),
    ...(isPropertyMap(spec) && { spec: withAllocated(marked, spec) }),
    status: unknown,
  };
}

/** A dry run's addresses and ports are not those that the Service will get. */
function withAllocated(object: PropertyMap, spec: PropertyMap): Value {
  if (object.kind !== 'Service' || object.apiVersion !== 'v1') return spec;
  if (spec.clusterIP === 'None' || spec.type === 'ExternalName') return spec;
  return { ...spec, clusterIP: unknown, clusterIPs: unknown };
}
