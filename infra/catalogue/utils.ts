import type { ServiceDefinition } from './definition';
import { REDIS_IMAGE, REDIS_PORT, REDIS_RUNTIME, REDIS_USES } from './redis';

/** Namespace `utils`: search, allocation of resources, vDAG processing, notices of failures. */
export const UTILS = {
  'failure-notifier': {
    image: { registry: 'network', path: 'mgmt/failure-notifier' },
    service: { name: 'failure-notifier', type: 'NodePort', ports: [{ port: 5000 }] },
    env: {
      POLICY_SYSTEM_EXECUTOR_ID: 'executor-001',
      POLICY_EXECUTOR_HOST_URL: { from: 'service', name: 'policies-system' },
      POLICY_DB_URL: { from: 'service', name: 'policies-system' },
    },
  },
  'resource-allocator': {
    image: { registry: 'network', path: 'mgmt/resource-allocator' },
    service: {
      name: 'resource-allocator',
      type: 'NodePort',
      ports: [
        { name: 'websocket', port: 8765, scheme: 'ws', nodePort: 30151 },
        { name: 'rest', port: 7777, nodePort: 32171 },
      ],
    },
    // A websocket server logs every bare connection as a failed handshake.
    probe: 'rest',
    env: {
      POLICY_EXECUTOR_HOST_URL: { from: 'service', name: 'policies-system' },
      POLICY_EXECUTION_MODE: 'local',
      CLUSTER_SERVICE_URL: { from: 'service', name: 'clusters-db' },
      POLICY_SYSTEM_EXECUTOR_ID: 'executor-001',
      GLOBAL_CLUSTER_METRICS_URL: { from: 'service', name: 'global-cluster-metrics' },
      SEARCH_SERVER_API_URL: { from: 'service', name: 'search-server' },
      POLICY_DB_URL: { from: 'service', name: 'policies-system' },
      GLOBAL_BLOCK_METRICS_URL: { from: 'service', name: 'global-block-metrics' },
    },
  },
  'search-server': {
    image: { registry: 'network', path: 'mgmt/search-server' },
    service: { name: 'search-server', type: 'NodePort', ports: [{ port: 12000, nodePort: 30150 }] },
    env: {
      POLICY_DB_URL: { from: 'service', name: 'policies-system' },
      BLOCKS_SERVICE_URL: { from: 'service', name: 'blocks-db' },
      VDAG_SERVICE_URL: { from: 'service', name: 'vdag-db' },
      GLOBAL_CLUSTER_METRICS_URL: { from: 'service', name: 'global-cluster-metrics' },
      VDAG_METRICS_SERVER_URL: { from: 'service', name: 'global-vdag-metrics' },
      POLICY_EXECUTION_MODE: 'remote',
      GLOBAL_BLOCK_METRICS_URL: { from: 'service', name: 'global-block-metrics' },
      CLUSTER_SERVICE_URL: { from: 'service', name: 'clusters-db' },
      POLICIES_SERVER_URL: { from: 'service', name: 'policies-system' },
      vDAG_TEMPLATE_STORE_API_URL: { from: 'service', name: 'templates-registry' },
      POLICY_SYSTEM_EXECUTOR_ID: 'executor-001',
      POLICY_EXECUTOR_HOST_URL: { from: 'service', name: 'policies-system' },
      CLUSTER_ID: '',
      COMPONENT_REGISTRY_API: { from: 'service', name: 'components-registry' },
      SEARCH_SERVER_API_URL: { from: 'service', name: 'search-server' },
    },
  },
  'vdag-processor': {
    image: { registry: 'network', path: 'utils/vdag-processor' },
    service: { name: 'vdag-processor', type: 'ClusterIP', ports: [{ port: 10500 }] },
    env: {
      // An optional part of upstream that no management cluster contains.
      ADHOC_INFERENCE_API_URL: 'http://inference-server-master.inference-server.svc.cluster.local:20000',
      VDAG_DB_SERVICE_URL: { from: 'service', name: 'vdag-db' },
      SEARCH_SERVER_API_URL: { from: 'service', name: 'search-server' },
      GLOBAL_TASKS_DB_URL: { from: 'service', name: 'tasks-db' },
    },
    sidecars: [
      { name: 'redis', image: REDIS_IMAGE, port: REDIS_PORT, runtime: REDIS_RUNTIME, redis: REDIS_USES.sidecar },
    ],
    notReplicable: 'its working state is a redis inside the pod',
  },
} as const satisfies Record<string, ServiceDefinition>;
