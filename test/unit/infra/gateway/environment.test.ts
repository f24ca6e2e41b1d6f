import { gatewayEnvironment } from '../../../../infra/gateway/environment';
import { networkConfig } from '../../../network-config';

const image = 'registry.example.org/gateway:v1';

/** The gateway's variables as its process reads them. */
function variables(sections: Readonly<Record<string, unknown>> = {}): Record<string, unknown> {
  return gatewayEnvironment(networkConfig(sections));
}

const executors = { 'executor-007': { clusterPublicIp: '203.0.113.7' } };

const add = 'aiosv1.policies.add:v1-stable';

test('has the 24 variables of upstream', () => {
  expect(Object.keys(variables())).toHaveLength(24);
});

test.each([
  ['gateway.urls', { gateway: { image, urls: { policyDb: 'http://p:1' } } }, { POLICY_DB_URL: 'http://p:1' }],
  ['gateway.images', { gateway: { image, images: { infra: 'x:1' } } }, { INFRA_CONTAINER_IMAGE_NAME: 'x:1' }],
  ['gateway.env', { gateway: { image, env: { LOG: 'debug' } } }, { LOG: 'debug' }],
  [
    'gateway.clusterControllerRoute',
    { gateway: { image, clusterControllerRoute: '/c' } },
    { CLUSTER_CONTROLLER_ROUTE: '/c' },
  ],
  [
    'policies.execution',
    { policies: { execution: { mode: 'remote', executor: 'executor-007' }, executors } },
    { POLICY_EXECUTION_MODE: 'remote', POLICY_SYSTEM_EXECUTOR_ID: 'executor-007' },
  ],
])('changing %s keeps all other variables', (_, sections, changed) => {
  expect(variables(sections)).toEqual({ ...variables(), ...changed });
});

test('global services are reached at the advertised host, and the stack adds or replaces some', () => {
  const globalServices = { policy_db_url: 'http://elsewhere', extra: 'x' };
  const map: unknown = JSON.parse(String(variables({ gateway: { image, globalServices } }).GLOBAL_SERVICES_MAP));
  expect(map).toMatchObject({
    global_block_metrics_redis_host: 'redis://network.example.org:30200/0',
    cluster_db_url: 'http://network.example.org:30101',
    policy_db_url: 'http://elsewhere',
    extra: 'x',
  });
});

test('the policy map survives the expansion of $(NAME) by Kubernetes', () => {
  const policyMap = { script: '$(PORT) and $$' };
  const { CLUSTER_CONTROLLER_GATEWAY_POLICY_MAP: map } = variables({ gateway: { image, policyMap } });
  expect(JSON.parse(String(map).replaceAll('$$', '$'))).toEqual(policyMap);
});

test('the pre-check policies come from a ConfigMap, so that changing them restarts nothing', () => {
  const config = networkConfig({ policies: { bindings: { remove_cluster: add } } });
  expect(gatewayEnvironment(config)).toHaveProperty('CLUSTER_CONTROLLER_GATEWAY_ACTIONS_MAP', {
    from: 'configMap',
    name: 'pre-check-policies',
    key: 'actions-map',
  });
});
