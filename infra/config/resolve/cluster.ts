import * as pulumi from '@pulumi/pulumi';
import { isKubeconfigContents } from '../cluster';
import type { ClusterConfig } from '../network-config';
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
  if (isKubeconfigContents(kubeconfig)) return { context, kubeconfig: pulumi.secret(kubeconfig) };
  return { context, kubeconfig: kubeconfig.replace(/^~(?=\/)/, home ?? '~') };
}
