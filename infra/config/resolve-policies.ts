import * as pulumi from '@pulumi/pulumi';
import type { EmbeddedNetwork } from './embedded-network';
import type { EndpointConfig, ExecutorConfig, PoliciesConfig } from './policies';
import type { Sections } from './sections';

type Plain = Sections['policies'];

/**
 * Section `policies` as the program uses it: secrets wrapped.
 * @param embedded the simulated services, if the stack uses them
 */
export function resolvePolicies(policies: Plain, embedded: EmbeddedNetwork | undefined): PoliciesConfig {
  const resolved = {
    ...policies,
    endpoints: mapValues(policies.endpoints, endpoint),
    executors: mapValues(policies.executors, executor),
  };
  if (embedded === undefined) return resolved;
  const { policyCode, ...services } = embedded;
  return {
    ...resolved,
    endpoints: mapValues(services, (url) => ({ url })),
    code: { uploadUrl: policyCode, ...policies.code },
  };
}

function endpoint({ token, ...plain }: NonNullable<Plain['endpoints']['gateway']>): EndpointConfig {
  return { ...plain, ...(token !== undefined && { token: pulumi.secret(token) }) };
}

function executor({ infrastructure, ...plain }: Plain['executors'][string]): ExecutorConfig {
  if (infrastructure === undefined) return plain;
  return { ...plain, infrastructure: { ...infrastructure, kubeconfig: pulumi.secret(infrastructure.kubeconfig) } };
}

function mapValues<Key extends string, From, To>(
  record: Readonly<Partial<Record<Key, From>>>,
  map: (value: From) => To,
): Record<Key, To> {
  const entries = Object.entries(record) as [Key, From][];
  return Object.fromEntries(entries.map(([key, value]) => [key, map(value)])) as Record<Key, To>;
}
