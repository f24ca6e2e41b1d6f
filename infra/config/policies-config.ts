import type * as pulumi from '@pulumi/pulumi';
import type { EndpointName } from '../catalogue';
import type { ExposedService } from './exposed-service';
import type { PoliciesSection } from './policies';
import type { ResolvedBindings } from './resolve/bindings';
import type { OnboardedRule } from './resolve/rules';

/** Section `policies`, with the rules that it uses. */
export interface PoliciesConfig extends Pick<PoliciesSection, 'execution' | 'unlisted' | 'onDelete'> {
  /** The rules to onboard. */
  rules: readonly OnboardedRule[];
  /** The network's bindings, with the URIs of their policies. */
  bindings: ResolvedBindings;
  /** The same for single clusters, by their ids. */
  clusters: Readonly<Record<string, ResolvedBindings>>;
  /** Executors to register, by their ids. */
  executors: Readonly<Record<string, ExecutorConfig>>;
  /** The database as executors reach it. Always a secret. */
  publicDatabaseUrl?: pulumi.Output<string>;
  /** Where the services are that governance calls. */
  endpoints: Readonly<Record<EndpointName, ServiceEndpoint>>;
  code: PolicyCodeConfig;
}

/** What decides, as far as the stack's file and its rules say. */
export type DecidingConfig = Pick<
  PoliciesConfig,
  'execution' | 'unlisted' | 'onDelete' | 'rules' | 'bindings' | 'clusters'
>;

/** Where a service that governance calls is reached: at an address, or as a Service through the API server. */
export type ServiceEndpoint = AddressEndpoint | { service: { namespace: string; name: string; port: number } };

/** A service at an address. */
interface AddressEndpoint {
  url: string;
  /** Always a secret. */
  token?: pulumi.Output<string>;
  ca?: string;
}

/** An executor to register. */
export type ExecutorConfig = Omit<PoliciesSection['executors'][string], 'infrastructure'> & {
  infrastructure?: {
    /** Always a secret. */
    kubeconfig: pulumi.Output<string>;
    maxProcesses: number;
  };
};

/** Where the code of policies is downloaded from, without a trailing slash: a server to upload to, or one to deploy. */
export type PolicyCodeConfig =
  { url: string; upload: true } | { url: string; upload: false; image: string; service: ExposedService };
