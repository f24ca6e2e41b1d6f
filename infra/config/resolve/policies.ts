import { secret } from '@pulumi/pulumi';
import { catalogue, ENDPOINT_SERVICES, type EndpointName, POLICY_CODE } from '../../catalogue';
import type { EmbeddedNetwork } from '../embedded-network';
import { mapValues } from '../map-values';
import type { NamedBindings } from '../policy-binding';
import type { PoliciesSection } from '../policies';
import type {
  DecidingConfig,
  ExecutorConfig,
  PoliciesConfig,
  PolicyCodeConfig,
  ServiceEndpoint,
} from '../policies-config';
import { resolveBindings } from './bindings';
import type { Lookup } from './environment';
import { expose } from './exposure';
import type { UsedRules } from './rules';

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
    ...(section.publicDatabaseUrl !== undefined && { publicDatabaseUrl: secret(section.publicDatabaseUrl) }),
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
    return { ...address, ...(token !== undefined && { token: secret(token) }) };
  }
  const { namespace, definition } = catalogue[ENDPOINT_SERVICES[name]];
  return { service: { namespace, name: definition.service.name, port: definition.service.ports[0].port } };
}

function policyCode(
  { uploadUrl, image }: PoliciesSection['code'],
  lookup: Lookup,
  embedded: EmbeddedNetwork | undefined,
): PolicyCodeConfig {
  const url = uploadUrl ?? embedded?.policyCode;
  if (url !== undefined) return { url: url.replace(/\/$/, ''), upload: true };
  const { name, namespace, port, nodePort } = POLICY_CODE;
  const inside = `http://${name}.${namespace}.svc.${lookup.domain}:${port}`;
  const ports = [{ port, nodePort, scheme: 'http', url: inside }];
  const service = expose({ name, service: name, isPublic: true, ports }, lookup);
  return {
    url: service.ports[0]?.advertised ?? inside,
    upload: false,
    image: lookup.images.public(image),
    service,
  };
}

function executor({ infrastructure, ...plain }: PoliciesSection['executors'][string]): ExecutorConfig {
  if (infrastructure === undefined) return plain;
  return { ...plain, infrastructure: { ...infrastructure, kubeconfig: secret(infrastructure.kubeconfig) } };
}
