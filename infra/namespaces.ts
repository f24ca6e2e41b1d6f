import { Namespace, Secret } from '@pulumi/kubernetes/core/v1';
import * as pulumi from '@pulumi/pulumi';
import type { NamespaceName } from './catalogue';
import type { ImagePullConfig, NamespacesConfig, RegistryCredentials } from './config';
import { PullSecretCopy } from '../policies/resources';
import { commonLabels, objectMeta } from './workload/metadata';

/** Name of the pull Secret that the program makes in every namespace. */
const PULL_SECRET_NAME = 'image-registry';

/** Arguments of {@link NetworkNamespace}. */
export interface NetworkNamespaceArgs {
  /** What images are pulled with. */
  imagePull: ImagePullConfig;
  config: NamespacesConfig;
  /** Refuse to delete the namespace, and keep it when it leaves the stack: it holds protected data. */
  protect: boolean;
}

/**
 * A namespace of the management cluster with what its pods need to pull their images.
 *
 * Needs the providers `kubernetes` and, where a pull Secret is copied, `aios`.
 */
export class NetworkNamespace extends pulumi.ComponentResource {
  /** Names of the pull Secrets that pods of the namespace use. */
  readonly imagePullSecrets: string[];

  /** @param name the namespace's own name too */
  constructor(
    readonly name: NamespaceName,
    args: NetworkNamespaceArgs,
    options: pulumi.ComponentResourceOptions,
  ) {
    super('aios:index:NetworkNamespace', name, {}, options);
    const { secrets, copy, credentials } = args.imagePull;
    const child = { parent: this, dependsOn: this.namespace(args) };
    this.imagePullSecrets = [...secrets];
    if (copy !== undefined) {
      const labels = commonLabels(copy.name);
      // In its own namespace it is there already.
      if (copy.from !== name) new PullSecretCopy(`${name}-${copy.name}`, { ...copy, to: name, labels }, child);
      this.imagePullSecrets.push(copy.name);
    }
    if (credentials !== undefined) {
      new Secret(
        `${name}-${PULL_SECRET_NAME}`,
        {
          metadata: objectMeta(PULL_SECRET_NAME, { namespace: name }),
          type: 'kubernetes.io/dockerconfigjson',
          data: { '.dockerconfigjson': dockerConfig(credentials) },
        },
        child,
      );
      this.imagePullSecrets.push(PULL_SECRET_NAME);
    }
    this.registerOutputs({});
  }

  /** The namespace, where the stack has it; one that it lets go of stays when it leaves the stack, and is free to. */
  private namespace({ config, protect }: NetworkNamespaceArgs): Namespace[] {
    const { are, podSecurity } = config;
    if (are === 'existing') return [];
    const metadata = objectMeta(this.name, { labels: podSecurityLabels(podSecurity) });
    const released = are === 'released';
    const kept = { protect: protect && !released, retainOnDelete: protect || released };
    return [new Namespace(this.name, { metadata }, { parent: this, ...kept })];
  }
}

/**
 * What the namespace refuses pods for, and what it warns of and puts into the audit log: what keeps a pod from the strictest
 * level. Pods that run are left alone, whatever is changed here.
 */
function podSecurityLabels(enforced: NamespacesConfig['podSecurity']): Record<string, string> {
  const label = (mode: string) => `pod-security.kubernetes.io/${mode}`;
  return { [label('enforce')]: enforced, [label('warn')]: 'restricted', [label('audit')]: 'restricted' };
}

/** What container runtimes read registry credentials from, in base64 as Secrets hold it. */
function dockerConfig({ registry, username, password }: RegistryCredentials): pulumi.Output<string> {
  return pulumi.secret(password).apply((plain) => {
    const auth = Buffer.from(`${username}:${plain}`).toString('base64');
    const config = { auths: { [registry]: { username, password: plain, auth } } };
    return Buffer.from(JSON.stringify(config)).toString('base64');
  });
}
