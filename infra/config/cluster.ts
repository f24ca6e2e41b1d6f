import { z } from 'zod';
import { DEFAULT_DOMAIN } from '../catalogue';
import { dnsDomain, text } from './scalars';

/** Levels of Kubernetes' Pod Security Standards. */
const POD_SECURITY_LEVELS = ['privileged', 'baseline', 'restricted'] as const;

/** Processors that nodes may have, as Kubernetes names them. */
const ARCHITECTURES = ['amd64', 'arm64'] as const;
export type Architecture = (typeof ARCHITECTURES)[number];

/** Who sees to the namespaces: the stack; the stack that is about to let go of them; somebody else. */
const NAMESPACES_ARE = ['created', 'released', 'existing'] as const;

/** Section `cluster`: the Kubernetes cluster that a stack is applied to. */
export const clusterSchema = z.strictObject({
  context: text
    .exactOptional()
    .meta({ examples: ['aios-staging'] })
    .describe(
      'Context of the kubeconfig. Default: none, it is required; only stack dev may go without, on the embedded cluster.',
    ),
  kubeconfig: z
    .string()
    .min(1, { error: 'must not be empty' })
    .exactOptional()
    .meta({ secret: true, examples: ['~/.kube/config'] })
    .describe('Path of a kubeconfig, or its encrypted contents. Default: as kubectl finds it.'),
  domain: dnsDomain
    .prefault(DEFAULT_DOMAIN)
    .describe("Domain of the cluster's DNS, as its kubelets have it (clusterDomain). Fixed once the databases are up."),
  architecture: z
    .enum(ARCHITECTURES)
    .exactOptional()
    .describe(
      "Kind of processor of the nodes that pods run on, for clusters that have several: images of upstream's are built for amd64. Default: any.",
    ),
  ipv6: z
    .boolean()
    .prefault(false)
    .describe(
      "Have the databases listen on IPv6 as well. Upstream's services listen on IPv4 alone: the cluster has to have both, IPv4 first.",
    ),
  adopt: z
    .boolean()
    .prefault(false)
    .describe(
      "Take over the network that upstream's installer made on the cluster, with its data: docs/adopt.md. Fixed once it is up.",
    ),
  uid: text
    .exactOptional()
    .meta({ examples: ['3f0f1a5c-5b1e-4d0e-9a3b-0c1d2e3f4a5b'] })
    .describe(
      'Uid of the namespace kube-system, by which the cluster is known: any other is refused. Default: the one that the first ' +
        '`pulumi up` found.',
    ),
  namespaces: z
    .enum(NAMESPACES_ARE)
    .prefault('created')
    .describe(
      'Whether the program makes the four namespaces, or finds them made and leaves them as they are. What was created is ' +
        '`released` by one `pulumi up` before it may be `existing`.',
    ),
  podSecurity: z
    .enum(POD_SECURITY_LEVELS)
    .prefault('baseline')
    .describe(
      'Level of Pod Security that the namespaces enforce; of what would not pass restricted they warn. privileged is for what is ' +
        'put into pods by others, such as the init containers of a service mesh; restricted takes a `runAsUser` for every image.',
    ),
});

/** A level of Kubernetes' Pod Security Standards. */
export type PodSecurityLevel = (typeof POD_SECURITY_LEVELS)[number];

/** Whose the namespaces are. */
export type NamespacesAre = (typeof NAMESPACES_ARE)[number];

/** Whether the setting holds a kubeconfig itself instead of a path. */
export function isKubeconfigContents(kubeconfig: string | undefined): boolean {
  return kubeconfig !== undefined && /^\s*\{|\n|^apiVersion:/.test(kubeconfig);
}
