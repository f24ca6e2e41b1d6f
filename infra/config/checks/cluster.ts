import type { Check } from './check';

/** A stack names its cluster: nothing is ever applied to whatever the current context happens to be. */
export const clusterChecks: Check = ({ stack, sections: { cluster }, embeddedKubeconfig }) => {
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
