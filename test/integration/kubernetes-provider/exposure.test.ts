import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { getPath } from '../../../embedded/engine/values/paths';
import type { PropertyMap } from '../../../embedded/engine/values/value';
import { ManagementCluster } from '../../../infra/management-cluster';
import { serviceSpec } from '../../../infra/workload/service';
import { networkConfig } from '../../network-config';
import { runProgram } from '../../pulumi-mocks';
import { callFor, type Resource, Steps } from './steps';
import { ProviderWorld } from './world';

const world = new ProviderWorld();
const steps = new Steps(world);

const type = 'kubernetes:core/v1:Service';

/** The Service of a service of a stack that is reached in a way. */
function service(network: Record<string, unknown>): PropertyMap {
  const config = networkConfig({ network: { name: 'test', advertisedHost: 'aios.example.org', ...network } });
  const parser = config.services.parser?.service;
  if (parser === undefined) throw new Error('no parser');
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'parser', namespace: 'tests', annotations: { 'pulumi.com/skipAwait': 'true' } },
    spec: serviceSpec('parser', parser) as PropertyMap,
  };
}

const loadBalancer = {};
const sources = { allowedSources: ['10.0.0.0/8'], externalTrafficPolicy: 'Local' };

/** Every way, one after the other, and back to the first. */
const ways: [string, Record<string, unknown>, PropertyMap][] = [
  ['an ingress', { exposure: { ingress: {}, loadBalancer } }, { type: 'ClusterIP' }],
  ['nodePorts again', {}, { type: 'NodePort', externalTrafficPolicy: 'Cluster' }],
  ['nodePorts for some', sources, { type: 'NodePort', externalTrafficPolicy: 'Local' }],
  [
    'load balancers for some',
    { exposure: { loadBalancer }, ...sources },
    { type: 'LoadBalancer', externalTrafficPolicy: 'Local', loadBalancerSourceRanges: ['10.0.0.0/8'] },
  ],
  ['load balancers', { exposure: { loadBalancer } }, { type: 'LoadBalancer', externalTrafficPolicy: 'Cluster' }],
  ['a gateway', { exposure: { gateway: { name: 'g', namespace: 'n' }, loadBalancer } }, { type: 'ClusterIP' }],
  ['nodePorts for some in the end', sources, { type: 'NodePort', externalTrafficPolicy: 'Local' }],
];

describe('a Service that is reached another way stays the Service that it is:', () => {
  let current: Resource;
  beforeAll(async () => {
    current = await steps.create(type, service({}));
  });

  test.each(ways)('%s', async (_, network, spec) => {
    const next = service(network);
    const { id, inputs: oldInputs, outputs: oldOutputs } = current;
    const { replaces } = await world.provider.diff({ ...callFor(type), id, oldInputs, oldOutputs, newInputs: next });
    expect(replaces).toEqual([]);
    await expect(steps.update(current, next, { preview: true })).resolves.toBeDefined();

    const updated = await steps.update(current, next);
    for (const stays of [
      ['metadata', 'uid'],
      ['spec', 'clusterIP'],
    ]) {
      expect(getPath(updated.outputs, stays)).toBe(getPath(oldOutputs, stays));
    }
    expect(updated.outputs.spec).toMatchObject(spec);
    const isOpen = spec.type !== 'ClusterIP';
    expect(JSON.stringify(updated.outputs.spec).includes('"nodePort":')).toBe(isOpen);
    if (spec.type === 'NodePort') expect(updated.outputs.spec).toMatchObject({ ports: [{ nodePort: 30500 }] });
    if (!isOpen) expect(updated.outputs.spec).not.toHaveProperty('externalTrafficPolicy');
    if (spec.loadBalancerSourceRanges === undefined)
      expect(updated.outputs.spec).not.toHaveProperty('loadBalancerSourceRanges');
    expect(await steps.drift(updated)).toEqual([]);
    current = updated;
  });
});

/** The definition of a kind that others bring along, without its schema. */
function definition(group: string, kind: string, version: string): PropertyMap {
  const singular = kind.toLowerCase();
  const plural = `${singular}s`;
  const openAPIV3Schema = { type: 'object', 'x-kubernetes-preserve-unknown-fields': true };
  const approved = { 'api-approved.kubernetes.io': 'unapproved, in a test' };
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `${plural}.${group}`, annotations: approved },
    spec: {
      group,
      scope: 'Namespaced',
      names: { kind, plural, singular },
      versions: [{ name: version, served: true, storage: true, schema: { openAPIV3Schema } }],
    },
  };
}

async function apply(objects: unknown[], ...args: string[]): Promise<string> {
  const file = path.join(world.directory, 'objects.json');
  writeFileSync(file, JSON.stringify({ apiVersion: 'v1', kind: 'List', items: objects }));
  return world.kubectl('apply', '--server-side', ...args, '-f', file);
}

describe('a stack that is measured and reached in ways of its own', () => {
  const exposures = {
    ingress: { ingress: { className: 'nginx', tlsSecret: '{service}-tls' }, loadBalancer },
    gateway: { gateway: { name: 'public', namespace: 'gateways' }, loadBalancer },
  };

  /** The objects of the stack, but for Secrets, whose values are not there. */
  const wanted = async (exposure: PropertyMap): Promise<PropertyMap[]> => {
    const network = { name: 'test', advertisedHost: 'aios.example.org', ...sources, exposure };
    const config = networkConfig({
      network: { ...network, allowedNamespaces: ['ingress-nginx'] },
      registry: { backup: { to: { volume: {} } } },
      monitoring: { enabled: true, prometheusOperator: true, selectorLabels: { release: 'stack' } },
      policies: { bindings: { remove_cluster: 'read-only' } },
    });
    const { resources } = await runProgram(() => {
      new ManagementCluster('test', config, {});
    });
    return resources
      .filter(
        ({ type, inputs }) => type.startsWith('kubernetes:') && !type.endsWith('Patch') && inputs.kind !== 'Secret',
      )
      .map(({ inputs }) => inputs as PropertyMap);
  };

  test('is refused where nobody serves its kinds, which are named', async () => {
    const monitor = (await wanted(exposures.ingress)).find(({ kind }) => kind === 'ServiceMonitor');
    const inputs = { ...monitor, metadata: { name: 'a', namespace: 'tests' } };
    const refused = steps.create('kubernetes:monitoring.coreos.com/v1:ServiceMonitor', inputs, { timeout: 2 });
    await expect(refused).rejects.toThrow('the cluster has no kind ServiceMonitor in monitoring.coreos.com/v1');
  });

  test('is taken as a whole where they are', async () => {
    const operator = ['ServiceMonitor', 'PrometheusRule'].map((kind) =>
      definition('monitoring.coreos.com', kind, 'v1'),
    );
    const routes = definition('gateway.networking.k8s.io', 'HTTPRoute', 'v1');
    await apply([...operator, routes]);
    await world.kubectl('wait', '--for=condition=Established', 'crd', '--all', '--timeout=30s');
    for (const exposure of Object.values(exposures)) {
      const objects = await wanted(exposure);
      await apply(objects.filter(({ kind }) => kind === 'Namespace'));
      const taken = await apply(objects, '--dry-run=server');
      expect(taken.split('\n')).toHaveLength(objects.length);
      expect(taken).toContain('servicemonitor.monitoring.coreos.com/registry-exporter serverside-applied');
    }
  });
});
