import { Namespace } from '@pulumi/kubernetes/core/v1';
import { Provider } from '@pulumi/kubernetes/provider';
import * as pulumi from '@pulumi/pulumi';
import { MongoReplicaSet } from '../../infra/database/mongo-replica-set';

const config = new pulumi.Config();
const kubernetes = new Provider('reports', { context: config.require('context') });

// Pods may connect that carry the client's label, in namespaces that are part of the network.
const name = 'reports';
const labels = { 'app.kubernetes.io/part-of': 'aios-network' };
const namespace = new Namespace(name, { metadata: { name, labels } }, { provider: kubernetes });

const database = new MongoReplicaSet(
  'reports-db',
  {
    namespace: name,
    config: {
      replicas: 3,
      image: 'mongo:6.0',
      size: '20Gi',
      storage: { storageClass: 'fast-ssd' },
      nodes: [],
      resources: { requests: { cpu: '250m', memory: '1Gi' }, limits: { memory: '2Gi' } },
      cacheGB: 0.5,
      protect: true,
    },
    nodeLabels: { reports: 'yes' },
    clients: { reports: { databases: ['monthly'], path: 'monthly' } },
    clientLabels: { 'reports/database-client': 'true' },
    imagePullSecrets: [],
  },
  { providers: { kubernetes }, dependsOn: namespace },
);

/** Of every member. */
export const hosts = database.hosts;

/** Where an application finds its connection string: a Secret of the namespace, and the key in it. */
export const connection = { secret: database.connectionSecret, key: database.connectionKey('reports') };
