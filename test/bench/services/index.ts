import { Deployment } from '@pulumi/kubernetes/apps/v1';
import { Namespace, Service } from '@pulumi/kubernetes/core/v1';
import { Provider } from '@pulumi/kubernetes/provider';
import { Config } from '@pulumi/pulumi';

const kubeconfig = process.env.AIOS_EMBEDDED_KUBECONFIG;
if (kubeconfig === undefined) throw new Error('AIOS_EMBEDDED_KUBECONFIG is not set: this is for make bench only');
const provider = new Provider('cluster', { kubeconfig, clusterIdentifier: 'bench' });
const namespace = new Namespace('bench', { metadata: { name: 'bench' } }, { provider });

const count = new Config().requireNumber('count');
for (let number = 1; number <= count; number++) {
  const name = `service-${number}`;
  const labels = { app: name };
  const metadata = { name, namespace: namespace.metadata.name, labels };
  const template = { metadata: { labels }, spec: { containers: [{ name, image: 'example/never-pulled:v1' }] } };
  const deployment = new Deployment(
    name,
    { metadata, spec: { replicas: 1, selector: { matchLabels: labels }, template } },
    { provider },
  );
  // Services wait for pods. Without the dependency, more of them than --parallel allows would wait for Deployments that
  // are not begun because of them.
  const spec = { selector: labels, ports: [{ port: 80 }] };
  new Service(name, { metadata, spec }, { provider, dependsOn: deployment });
}
