import type { types } from '@pulumi/kubernetes';

/** What an object's metadata may add to its name. */
export interface ObjectMetaOptions {
  /** Omitted for cluster-scoped objects. */
  namespace?: string;
  labels?: Record<string, string>;
  annotations?: Record<string, string>;
}

/**
 * The metadata that every object of the network carries.
 *
 * The stack owns the fields that it sets: `patchForce` lets an update take back a field that somebody changed by hand,
 * where server-side apply would otherwise end in a conflict between two field managers.
 */
export function objectMeta(name: string, options: ObjectMetaOptions = {}): types.input.meta.v1.ObjectMeta {
  return {
    name,
    ...(options.namespace !== undefined && { namespace: options.namespace }),
    labels: { ...commonLabels(name), ...options.labels },
    annotations: { 'pulumi.com/patchForce': 'true', ...options.annotations },
  };
}

/** Labels that tell whose an object is; `app` is the one upstream selects pods by. */
export function commonLabels(name: string): Record<string, string> {
  return {
    app: name,
    'app.kubernetes.io/name': name,
    'app.kubernetes.io/part-of': 'aios-network',
    'app.kubernetes.io/managed-by': 'pulumi',
  };
}

/** Labels by which Services, disruption budgets and network policies find the pods: upstream's, and no others. */
export function selectorLabels(name: string): { app: string } {
  return { app: name };
}
