import { NetworkPolicy } from '@pulumi/kubernetes/networking/v1';
import { objectMeta } from '../metadata';
import { type Database, PORT, selectorLabels } from './identity';

/** Lets the members talk to each other, and pods with `clientLabels` in namespaces of the network to them. */
export function ingressPolicy(database: Database, clientLabels: Record<string, string>): NetworkPolicy {
  const { name, namespace, parent } = database;
  const members = { podSelector: { matchLabels: selectorLabels(database) } };
  const clients = {
    namespaceSelector: { matchLabels: { 'app.kubernetes.io/part-of': 'aios-network' } },
    podSelector: { matchLabels: clientLabels },
  };
  return new NetworkPolicy(
    name,
    {
      metadata: objectMeta(name, { namespace }),
      spec: {
        podSelector: { matchLabels: selectorLabels(database) },
        policyTypes: ['Ingress'],
        ingress: [{ from: [members, clients], ports: [{ port: PORT, protocol: 'TCP' }] }],
      },
    },
    { parent },
  );
}
