import { existsSync } from 'node:fs';
import type { Check } from './check';

/** A stack names its cluster: nothing is ever applied to whatever the current context happens to be. */
const contextNamed: Check = ({ stack, sections: { cluster }, embeddedKubeconfig }) => {
  if (cluster === undefined || cluster.context !== undefined) return [];
  if (stack === 'dev' && cluster.kubeconfig === undefined) {
    if (embeddedKubeconfig !== undefined) return [];
    return [
      {
        path: ['cluster', 'context'],
        rule: 'is required: the embedded cluster is not running, and no other cluster is named',
        fix: 'start the embedded cluster with `make up`, or name the context of a cluster of yours',
      },
    ];
  }
  return [
    {
      path: ['cluster', 'context'],
      rule: 'is required: nothing is applied to whatever context happens to be the current one',
      fix: `name a context of your kubeconfig, for example context: aios-${stack}`,
    },
  ];
};

const kubeconfigThere: Check = ({ sections: { cluster }, secretSections, kubeconfigPath }) => {
  if (kubeconfigPath === undefined || existsSync(kubeconfigPath)) return [];
  return [
    {
      path: ['cluster', 'kubeconfig'],
      value: cluster?.kubeconfig,
      // One that is encrypted may be what should have been a kubeconfig.
      ...(!secretSections.includes('cluster') && { isPublic: true as const }),
      rule: 'must be the path of a kubeconfig, and there is no such file on this machine',
      fix: 'correct the path, or remove the key to have the kubeconfig found as kubectl finds it',
    },
  ];
};

/** What must hold for the cluster that a stack is applied to. */
export const clusterChecks: Check = (subject) => [...contextNamed(subject), ...kubeconfigThere(subject)];
