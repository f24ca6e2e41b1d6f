import { type CheckFailure, Fields } from './check/fields';
import type { Connections } from './services/services';
import { type Properties, type Value, isProperties, open, parseJson, reveal } from './wire/value';

const ENDPOINTS = ['gateway', 'policiesSystem', 'clustersRegistry'] as const;
const USUAL_CONCURRENCY = 8;
const MOST_CONCURRENCY = 256;

const DNS_LABEL = /^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/;
const LABEL_RULE = 'be a name of lower-case letters, digits and -';

/** Examines the provider's configuration, the inputs of `pulumi:providers:aios`. */
export function checkConfiguration(news: Properties): { inputs: Properties; failures: CheckFailure[] } {
  const inputs = { concurrency: USUAL_CONCURRENCY, ...unpacked(news) };
  const failures: CheckFailure[] = [];
  const fields = new Fields(inputs, failures).only([...ENDPOINTS, 'kubeconfig', 'context', 'concurrency', 'version']);
  for (const name of ENDPOINTS) checkEndpoint(fields, name);
  fields.text('kubeconfig', { must: 'be the path or the contents of a kubeconfig', pattern: /\S/, optional: true });
  fields.text('context', { must: 'be the name of a context', pattern: /\S/, optional: true });
  fields.integer('concurrency', { least: 1, most: MOST_CONCURRENCY });
  checkCluster(fields, inputs);
  return { inputs, failures };
}

/** @param inputs checked */
export function connectionsOf(inputs: Properties): Connections {
  const plain = reveal({ concurrency: USUAL_CONCURRENCY, ...unpacked(inputs) }) as unknown as Connections;
  const { gateway, policiesSystem, clustersRegistry, concurrency, kubeconfig, context } = plain;
  return {
    gateway,
    policiesSystem,
    clustersRegistry,
    concurrency,
    ...(kubeconfig !== undefined && { kubeconfig }),
    ...(context !== undefined && { context }),
  };
}

function checkEndpoint(fields: Fields, name: string): void {
  const endpoint = fields.object(name, { must: 'be {url, token?, ca?} or {service: {namespace, name, port}}' });
  if (!endpoint) return;
  endpoint.only(['url', 'token', 'ca', 'service']);
  const service = endpoint.object('service', { optional: true });
  if (!service) {
    endpoint.text('url', {
      must: 'be an http or https URL without credentials, query and fragment',
      accepts: isBaseUrl,
    });
    endpoint.text('token', {
      must: 'be a bearer token: visible characters without spaces',
      pattern: /^[!-~]+$/,
      optional: true,
    });
    endpoint.text('ca', { must: 'hold certificates in PEM', pattern: /-----BEGIN CERTIFICATE-----/, optional: true });
    return;
  }
  for (const key of ['url', 'token', 'ca']) {
    if (endpoint.valueOf(key) !== undefined)
      endpoint.fail(key, 'belongs to an endpoint with a URL, not to one with a service');
  }
  service.only(['namespace', 'name', 'port']);
  service.text('namespace', { must: LABEL_RULE, pattern: DNS_LABEL });
  service.text('name', { must: LABEL_RULE, pattern: DNS_LABEL });
  service.integer('port', { least: 1, most: 65535 });
}

function isBaseUrl(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, username, password, search, hash } = new URL(text);
  return ['http:', 'https:'].includes(protocol) && username + password + search + hash === '';
}

/** Nothing is ever applied to whatever the current context of a user's kubeconfig happens to be. */
function checkCluster(fields: Fields, inputs: Properties): void {
  const proxied = ENDPOINTS.filter((name) => {
    const endpoint = open(inputs[name]);
    return isProperties(endpoint) && endpoint.service !== undefined;
  });
  if (proxied.length === 0 || inputs.context !== undefined || inputs.kubeconfig !== undefined) return;
  fields.fail(
    'context',
    `is missing: ${proxied.join(', ')} go through an API server's service proxy, so say through which`,
  );
}

/** The engine may hand over what is no text as JSON. */
function unpacked(inputs: Properties): Properties {
  const entries = Object.entries(inputs).map(([key, value]) => [key, isPacked(key) ? unpack(value) : value] as const);
  return Object.fromEntries(entries);
}

const isPacked = (key: string) => key === 'concurrency' || (ENDPOINTS as readonly string[]).includes(key);

function unpack(value: Value): Value {
  const text = open(value);
  return typeof text === 'string' ? (parseJson(text) ?? value) : value;
}
