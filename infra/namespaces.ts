import { Namespace, Secret } from '@pulumi/kubernetes/core/v1';
import * as pulumi from '@pulumi/pulumi';
import type { ServicesConfig } from './config';
import { objectMeta } from './metadata';
import type { NamespaceName } from './services/catalogue';
import { networkRegistryHost } from './services/images';

/** Name of the pull Secret that the program makes in every namespace. */
const pullSecretName = 'image-registry';

/** Arguments of {@link NetworkNamespace}. */
export interface NetworkNamespaceArgs {
  /** Where images come from, and with which credentials. */
  services: ServicesConfig;
  /** Refuse to delete the namespace, and keep it when it leaves the stack: it holds protected data. */
  protect: boolean;
}

/** A namespace of the management cluster with what its pods need to pull their images. */
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
    const { imagePullSecrets, registryCredentials } = args.services;
    const namespace = new Namespace(
      name,
      { metadata: objectMeta(name) },
      { parent: this, protect: args.protect, retainOnDelete: args.protect },
    );
    this.imagePullSecrets = [...imagePullSecrets];
    if (registryCredentials !== undefined) {
      new Secret(
        `${name}-${pullSecretName}`,
        {
          metadata: objectMeta(pullSecretName, { namespace: name }),
          type: 'kubernetes.io/dockerconfigjson',
          data: { '.dockerconfigjson': dockerConfig(args.services, registryCredentials) },
        },
        { parent: this, dependsOn: namespace },
      );
      this.imagePullSecrets.push(pullSecretName);
    }
    this.registerOutputs({});
  }
}

/** What container runtimes read registry credentials from, in base64 as Secrets hold it. */
function dockerConfig(
  services: ServicesConfig,
  { username, password }: NonNullable<ServicesConfig['registryCredentials']>,
): pulumi.Output<string> {
  return pulumi.secret(password).apply((plain) => {
    const auth = Buffer.from(`${username}:${plain}`).toString('base64');
    const config = { auths: { [networkRegistryHost(services)]: { username, password: plain, auth } } };
    return Buffer.from(JSON.stringify(config)).toString('base64');
  });
}
