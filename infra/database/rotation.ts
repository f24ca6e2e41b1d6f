import { ConfigMap } from '@pulumi/kubernetes/core/v1';
import type * as pulumi from '@pulumi/pulumi';
import { objectMeta } from '../workload/metadata';
import type { Database } from './identity';

/** Key of the ConfigMap, and so the file, that tells the last rotation that has reached all clients. */
export const COMPLETED = 'completed';

/** Name of that ConfigMap. */
export function rotationName({ name }: Pick<Database, 'name'>): string {
  return `${name}-rotation`;
}

/**
 * Tells the members that all clients use the passwords of a rotation: they then take away the users of those before.
 *
 * @param options depends on the clients: until they are ready, who has an old password may use it
 */
export function completedRotation(
  { name, namespace, config }: Pick<Database, 'name' | 'namespace' | 'config'>,
  options: pulumi.CustomResourceOptions,
): ConfigMap {
  const own = rotationName({ name });
  const data = { [COMPLETED]: `${config.rotate ?? 0}` };
  return new ConfigMap(own, { metadata: objectMeta(own, { namespace }), data }, options);
}
