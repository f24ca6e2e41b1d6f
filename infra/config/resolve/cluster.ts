import { secret } from '@pulumi/pulumi';
import { isKubeconfigContents } from '../cluster';
import type { ClusterConfig, ClusterIdentity } from '../network-config';
import type { Sections } from '../sections';

/** The context of the embedded cluster's kubeconfig. */
const EMBEDDED_CONTEXT = 'aios-embedded';

/**
 * Section `cluster`; without a context, the embedded cluster.
 * @param embedded path of the embedded cluster's kubeconfig
 */
export function resolveCluster(
  { context, kubeconfig }: Sections['cluster'],
  embedded: string | undefined,
  home: string | undefined,
): ClusterConfig {
  if (context === undefined) {
    return { context: EMBEDDED_CONTEXT, ...(embedded !== undefined && { kubeconfig: embedded }) };
  }
  if (kubeconfig === undefined) return { context };
  return { context, kubeconfig: kubeconfigPathOf({ kubeconfig }, home) ?? secret(kubeconfig) };
}

/** By what the cluster is known; the embedded one, which has no context, comes and goes. */
export function clusterIdentity({ context, uid }: Sections['cluster']): ClusterIdentity {
  return { ...(uid !== undefined && { uid }), transient: context === undefined && uid === undefined };
}

/** Path of the kubeconfig that a stack names; undefined where it names none, or holds its contents. */
export function kubeconfigPathOf(
  { kubeconfig }: Pick<Sections['cluster'], 'kubeconfig'>,
  home: string | undefined,
): string | undefined {
  if (kubeconfig === undefined || isKubeconfigContents(kubeconfig)) return undefined;
  return kubeconfig.replace(/^~(?=\/)/, home ?? '~');
}
