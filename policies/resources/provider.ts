import * as pulumi from '@pulumi/pulumi';

/** Where a service is reached: at a URL, or behind the API server's service proxy, so that it need not be exposed. */
export type Endpoint = UrlEndpoint | ServiceEndpoint;

interface UrlEndpoint {
  /** Base URL, http or https, without credentials. */
  url: pulumi.Input<string>;
  /** Sent as `Authorization: Bearer`, for a gateway behind a proxy that wants one. A secret. Default: none. */
  token?: pulumi.Input<string>;
  /** PEM certificates that sign the server's. Default: the system's. */
  ca?: pulumi.Input<string>;
}

interface ServiceEndpoint {
  /** A Kubernetes Service and its port, reached with the credentials of kubeconfig and context. */
  service: pulumi.Input<{
    namespace: pulumi.Input<string>;
    name: pulumi.Input<string>;
    port: pulumi.Input<number>;
  }>;
}

export interface AiosProviderArgs {
  /** The cluster controller gateway. */
  gateway: pulumi.Input<Endpoint>;
  /** The policies system. */
  policiesSystem: pulumi.Input<Endpoint>;
  /** The clusters registry: where the maps of clusters are kept, and whole maps are written. */
  clustersRegistry: pulumi.Input<Endpoint>;
  /** Path or contents of the kubeconfig for endpoints with a service. Default: $KUBECONFIG, else ~/.kube/config. */
  kubeconfig?: pulumi.Input<string>;
  /** Context in the kubeconfig. Required for endpoints with a service where no kubeconfig is given. */
  context?: pulumi.Input<string>;
  /** HTTP calls at a time, over all resources. Default: 8. */
  concurrency?: pulumi.Input<number>;
}

/**
 * The services of an AIOS network that governance goes through (plugin `policies/provider`). Another address is an update
 * of the provider: it replaces no resource.
 */
export class AiosProvider extends pulumi.ProviderResource {
  constructor(name: string, args: AiosProviderArgs, options?: pulumi.ResourceOptions) {
    super('aios', name, { ...args, kubeconfig: secret(args.kubeconfig) }, options);
  }
}

/** It may be the contents, with keys in them. */
function secret(value: pulumi.Input<string> | undefined): pulumi.Output<string> | undefined {
  return value === undefined ? undefined : pulumi.secret(value);
}
