import * as pulumi from '@pulumi/pulumi';
import { catalogue, ENDPOINT_SERVICES, type EndpointName, POLICY_CODE } from '../../catalogue';
import type { EmbeddedNetwork } from '../embedded-network';
import { mapValues } from '../map-values';
import type { NamedBindings } from '../policy-binding';
import type { PoliciesSection } from '../policies';
import { type ResolvedBindings, resolveBindings } from './bindings';
import type { Lookup } from './environment';
import type { OnboardedRule, UsedRules } from './rules';

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
type ServiceEndpoint = AddressEndpoint | { service: { namespace: string; name: string; port: number } };

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
type PolicyCodeConfig = { url: string; upload: true } | { url: string; upload: false; image: string };

/**
 * Section `policies`, with its rules and addresses.
 * @param embedded the simulated services, if the stack uses them
 */
export function resolvePolicies(
  section: PoliciesSection,
  rules: UsedRules,
  lookup: Lookup,
  embedded: EmbeddedNetwork | undefined,
): PoliciesConfig {
  return {
    ...resolveDeciding(section, rules),
    executors: mapValues(section.executors, executor),
    endpoints: mapValues(ENDPOINT_SERVICES, (_, name) => endpoint(name, section.endpoints, embedded)),
    code: policyCode(section.code, lookup, embedded),
  };
}

/** What of section `policies` decides. */
export function resolveDeciding(section: PoliciesSection, { onboarded }: UsedRules): DecidingConfig {
  const { execution, unlisted, onDelete } = section;
  // A name without a rule is a problem of its own: see checks/policy-bindings.ts.
  const resolved = (bindings: NamedBindings) => resolveBindings(bindings, (rule) => onboarded.get(rule)?.uri ?? rule);
  return {
    execution,
    unlisted,
    onDelete,
    rules: [...onboarded.values()],
    bindings: resolved(section.bindings),
    clusters: mapValues(section.clusters, resolved),
  };
}

function endpoint(
  name: EndpointName,
  endpoints: PoliciesSection['endpoints'],
  embedded: EmbeddedNetwork | undefined,
): ServiceEndpoint {
  if (embedded !== undefined) return { url: embedded[name] };
  const named = endpoints[name];
  if (named !== undefined) {
    const { token, ...address } = named;
    return { ...address, ...(token !== undefined && { token: pulumi.secret(token) }) };
  }
  const { namespace, definition } = catalogue[ENDPOINT_SERVICES[name]];
  return { service: { namespace, name: definition.service.name, port: definition.service.ports[0].port } };
}

function policyCode(
  { uploadUrl, image }: PoliciesSection['code'],
  { advertisedHost, images }: Lookup,
  embedded: EmbeddedNetwork | undefined,
): PolicyCodeConfig {
  const url = uploadUrl ?? embedded?.policyCode;
  if (url !== undefined) return { url: url.replace(/\/$/, ''), upload: true };
  return { url: `http://${advertisedHost}:${POLICY_CODE.nodePort}`, upload: false, image: images.public(image) };
}

function executor({ infrastructure, ...plain }: PoliciesSection['executors'][string]): ExecutorConfig {
  if (infrastructure === undefined) return plain;
  return { ...plain, infrastructure: { ...infrastructure, kubeconfig: pulumi.secret(infrastructure.kubeconfig) } };
}
