import type { PropertyMap } from '../../../embedded/engine/values/value';
import type { Resource } from './steps';

export const deploymentType = 'kubernetes:apps/v1:Deployment';
export const configMapType = 'kubernetes:core/v1:ConfigMap';

export function deployment(name: string, podSpec: PropertyMap = {}): PropertyMap {
  const labels = { app: name };
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name, namespace: 'tests' },
    spec: {
      replicas: 2,
      selector: { matchLabels: labels },
      template: { metadata: { labels }, spec: { containers: [{ name: 'main', image: 'example/app:1' }], ...podSpec } },
    },
  };
}

export const configMap = (name: string, data: PropertyMap, annotations?: PropertyMap): PropertyMap => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name, namespace: 'tests', ...(annotations && { annotations }) },
  data,
});

export function fieldManager({ outputs }: Pick<Resource, 'outputs'>): string {
  const name = outputs.__fieldManager;
  return typeof name === 'string' ? name : '';
}
