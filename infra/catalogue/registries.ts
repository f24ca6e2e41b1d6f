import type { ServiceDefinition } from './definition';
import { REDIS_IMAGE, REDIS_PORT, REDIS_RUNTIME, REDIS_USES } from './redis';

/**
 * Namespace `registries`: what the network knows of its clusters, blocks, policies, vDAGs, templates and assets.
 *
 * `databases` are those that upstream's source opens (OpenCyberspace/AIGr.id, commit 6b2b17a, services/registries/<name> and
 * services/management-services/policies-components).
 */
export const REGISTRIES = {
  'adhoc-serviers-registry': {
    image: { registry: 'network', path: 'registries/inference-servers' },
    service: { name: 'adhoc-serviers-registry-svc', type: 'NodePort', ports: [{ port: 6000, nodePort: 30105 }] },
    env: { MONGO_URL: { from: 'database' } },
    databases: ['inference'],
  },
  'assets-db-registry': {
    image: { registry: 'public', path: 'aiosv1/assets-db-registry', tag: 'v1' },
    service: { name: 'assets-db-registry-svc', type: 'NodePort', ports: [{ port: 4000, nodePort: 30104 }] },
    env: { MONGO_URL: { from: 'database' } },
    databases: ['assets'],
  },
  'blocks-db': {
    image: { registry: 'network', path: 'registries/blocks' },
    service: { name: 'blocks-db-svc', type: 'NodePort', ports: [{ port: 3001, nodePort: 30100 }] },
    env: { MONGO_HOST_URL: { from: 'database', database: 'blocks' } },
    databases: ['blocks'],
  },
  'clusters-db': {
    image: { registry: 'network', path: 'registries/clusters' },
    service: { name: 'clusters-db-service', type: 'NodePort', ports: [{ port: 3000, nodePort: 30101 }] },
    env: { PORT: '', MONGO_HOST_URL: { from: 'database', database: 'clusters' } },
    databases: ['clusters'],
  },
  'components-registry': {
    image: { registry: 'network', path: 'registries/components-registry' },
    service: { name: 'components-registry-svc', type: 'NodePort', ports: [{ port: 4000, nodePort: 30112 }] },
    env: { MONGO_HOST_URL: { from: 'database' } },
    // Mongoose's default: neither the service nor its connection string names a database.
    databases: ['test'],
  },
  'containers-registry': {
    image: { registry: 'public', path: 'aiosv1/containers-registry', tag: 'v1' },
    service: { name: 'containers-registry-svc', type: 'NodePort', ports: [{ port: 8000, nodePort: 30109 }] },
    env: { MONGO_URL: { from: 'database' } },
    databases: ['assets'],
  },
  'layers-registry': {
    image: { registry: 'public', path: 'aiosv1/layers-registry', tag: 'v1' },
    service: { name: 'layers-registry-svc', type: 'NodePort', ports: [{ port: 8002, nodePort: 30110 }] },
    env: { MONGO_URL: { from: 'database' } },
    // The file that would open it, core/crud.py, is empty in upstream's source.
    databases: 'any',
  },
  'splits-runners-registry': {
    image: { registry: 'public', path: 'aiosv1/splits-runners-registry', tag: 'v1' },
    service: { name: 'splits-runners-registry-svc', type: 'NodePort', ports: [{ port: 8001, nodePort: 30111 }] },
    env: {
      MONGO_URL: { from: 'database' },
      MODEL_LAYERS_REGISTRY_URL: { from: 'service', name: 'layers-registry' },
      TASK_DB_STATUS_UPDATE_URL: '',
      BLOCKS_DB_URL: { from: 'service', name: 'blocks-db' },
    },
    databases: ['split_runner_store'],
  },
  'networks-registry': {
    image: { registry: 'network', path: 'registries/networks-registry' },
    service: { name: 'networks-registry-svc', type: 'NodePort', ports: [{ port: 5000, nodePort: 30113 }] },
    env: { MONGO_URL: { from: 'database' } },
    databases: ['vdags'],
  },
  'policies-system': {
    image: { registry: 'network', path: 'policies/system' },
    service: { name: 'policies-system', type: 'NodePort', ports: [{ port: 10000, nodePort: 30102 }] },
    env: {
      RESOURCE_ALLOCATOR_API_URL: { from: 'service', name: 'resource-allocator', port: 'rest' },
      DB_URL: { from: 'database', database: 'policies' },
      POLICY_DB_URL: { from: 'advertised', name: 'policies-system' },
      // Copied in plain text into the Deployments of executors, on whatever cluster they are.
      PUBLIC_DB_URL: { from: 'publicDatabase', database: 'policies' },
      EXECUTOR_CONTAINER_IMAGE_NAME: { from: 'image', path: 'policies/executor' },
      DEFAULT_POLICY_CONTAINER_IMAGE: { from: 'image', path: 'policies/functions-server' },
      DEFAULT_POLICY_JOB_CONTAINER_IMAGE_NAME: { from: 'image', path: 'policies/jobs-runner' },
      DB_API_URL: { from: 'advertised', name: 'policies-system' },
    },
    databases: ['policies'],
  },
  'spec-registry': {
    image: { registry: 'network', path: 'registries/spec-store' },
    service: { name: 'spec-registry-svc', type: 'NodePort', ports: [{ port: 8000, nodePort: 30107 }] },
    env: { MONGO_URL: { from: 'database' } },
    databases: ['spec_store'],
  },
  'tasks-db': {
    image: { registry: 'network', path: 'registries/task-service' },
    service: { name: 'tasks-db-svc', type: 'NodePort', ports: [{ port: 8000, nodePort: 30108 }] },
    env: { MONGO_URL: { from: 'database' } },
    databases: ['tasks'],
    sidecars: [
      {
        name: 'status-writer',
        image: { registry: 'network', path: 'registries/task-writer' },
        env: { REDIS_HOST: 'localhost', REDIS_PORT: `${REDIS_PORT}`, MONGO_URL: { from: 'database' } },
      },
      { name: 'redis', image: REDIS_IMAGE, port: REDIS_PORT, runtime: REDIS_RUNTIME, redis: REDIS_USES.sidecar },
    ],
    notReplicable: 'its queue of status updates is a redis inside the pod',
  },
  'templates-registry': {
    image: { registry: 'network', path: 'registries/template-store' },
    service: { name: 'templates-registry-svc', type: 'NodePort', ports: [{ port: 9000, nodePort: 30106 }] },
    env: { MONGO_URL: { from: 'database' } },
    databases: ['templates'],
  },
  'vdag-db': {
    image: { registry: 'network', path: 'registries/vdag-registry' },
    service: { name: 'vdag-db-svc', type: 'NodePort', ports: [{ port: 10501, nodePort: 30103 }] },
    env: { MONGO_URL: { from: 'database' } },
    databases: ['vdags'],
  },
} as const satisfies Record<string, ServiceDefinition>;
