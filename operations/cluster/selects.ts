import { type Json, type JsonMap, at } from '../../kubernetes-api';

/** Whether an object bears all labels of a selector. An empty one, as a Service may have, selects nothing. */
export function selects(labels: JsonMap, object: Json): boolean {
  const wanted = Object.entries(labels);
  return wanted.length > 0 && wanted.every(([key, value]) => at(object, 'metadata', 'labels', key) === value);
}
