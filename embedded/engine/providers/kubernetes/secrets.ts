import { type PropertyMap, Secret, type Value, containsSecret, equal, isPropertyMap, reveal } from '../../values/value';
import { isSecretKind } from './object';

const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration';

/**
 * Marks in an object what the inputs have marked as secret, and the data of a Secret always. Objects are marked field by
 * field; of a list with a secret in it the whole, as its elements may move.
 */
export function markSecrets(object: PropertyMap, inputs: PropertyMap): PropertyMap {
  const marked = markLike(object, inputs);
  return isSecretKind(object) ? markData(marked) : marked;
}

function markLike(object: PropertyMap, inputs: PropertyMap): PropertyMap {
  const marked = { ...object };
  for (const [key, input] of Object.entries(inputs)) {
    const value = marked[key];
    if (value === undefined) continue;
    if (isPropertyMap(value) && isPropertyMap(input)) marked[key] = markLike(value, input);
    else if (containsSecret(input)) marked[key] = conceal(value);
  }
  return marked;
}

function markData(object: PropertyMap): PropertyMap {
  const marked = { ...object };
  for (const key of ['data', 'stringData']) if (marked[key] !== undefined) marked[key] = conceal(marked[key]);
  const { metadata } = marked;
  const all = isPropertyMap(metadata) ? metadata.annotations : undefined;
  // kubectl apply repeats the data in an annotation.
  if (isPropertyMap(metadata) && isPropertyMap(all) && all[LAST_APPLIED] !== undefined) {
    marked.metadata = { ...metadata, annotations: { ...all, [LAST_APPLIED]: conceal(all[LAST_APPLIED]) } };
  }
  return marked;
}

const conceal = (value: Value) => (value instanceof Secret ? value : new Secret(reveal(value)));

/** The value with every secret that did not change taken from `old`: its ciphertext in the state stays as it was. */
export function keepCiphertexts(value: Value, old: Value | undefined): Value {
  if (value instanceof Secret) return old instanceof Secret && equal(value, old) ? old : value;
  if (isPropertyMap(value) && isPropertyMap(old)) {
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, keepCiphertexts(item, old[key])]));
  }
  return value;
}
