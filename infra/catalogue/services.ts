import type { ServiceDefinition } from './definition';

/** Namespace `services`: what users and clusters talk to. */
export const SERVICES = {
  // The stack names its image and makes its environment: see infra/gateway.
  'cluster-controller-gateway': {
    service: { name: 'cluster-controller-gateway', type: 'NodePort', ports: [{ port: 5000, nodePort: 30600 }] },
  },
  parser: {
    image: { registry: 'network', path: 'mgmt/parser' },
    service: { name: 'parser', type: 'NodePort', ports: [{ port: 8000, nodePort: 30500, upstreamNodePort: 30501 }] },
    env: {
      TEMPLATES_STORE_API_URL: { from: 'service', name: 'templates-registry' },
      GLOBAL_BLOCK_METRICS_URL: { from: 'service', name: 'global-block-metrics' },
      BLOCKS_SERVICE_URL: { from: 'service', name: 'blocks-db' },
      vDAG_TEMPLATE_STORE_API_URL: { from: 'service', name: 'templates-registry' },
      POLICY_DB_URL: { from: 'service', name: 'policies-system' },
      MAX_WORKER_POOL_SIZE: '10',
      GLOBAL_CLUSTER_METRICS_URL: { from: 'service', name: 'global-cluster-metrics' },
      POLICY_RULE_REMOTE_URL: { from: 'service', name: 'policies-system' },
      COMPONENT_REGISTRY_API: { from: 'service', name: 'components-registry', path: '/api' },
      CLUSTER_SERVICE_URL: { from: 'service', name: 'clusters-db' },
      PARSER_SVC_API: { from: 'service', name: 'parser' },
      LLM_PLANNER_TASK_API: '',
      VDAG_SYSTEM_URL: { from: 'service', name: 'vdag-processor' },
      ENABLE_TASK_DB: 'false',
      SPEC_STORE_API_URL: { from: 'service', name: 'spec-registry' },
      CLUSTER_CONTROLLER_GATEWAY_URL: { from: 'service', name: 'cluster-controller-gateway' },
      LLM_LAYERS_API: { from: 'service', name: 'layers-registry' },
      SEARCH_SERVER_API_URL: { from: 'service', name: 'search-server' },
      TEST_MODE_ON: '',
      TASK_DB_URI: { from: 'service', name: 'tasks-db' },
    },
  },
} as const satisfies Record<string, ServiceDefinition>;
