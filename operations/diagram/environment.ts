const SOMEWHERE = 'http://127.0.0.1:1';

/**
 * The environment in which a stack's file is read for a picture: the same everywhere, whatever runs on this machine. Stack dev
 * has to be told where its embedded cluster and network are, though nothing looks there.
 */
export const DIAGRAM_ENVIRONMENT = {
  AIOS_EMBEDDED_KUBECONFIG: '.aios/cluster/kubeconfig',
  AIOS_EMBEDDED_NETWORK: JSON.stringify({
    gateway: SOMEWHERE,
    policiesSystem: SOMEWHERE,
    clustersRegistry: SOMEWHERE,
    policyCode: SOMEWHERE,
  }),
};
