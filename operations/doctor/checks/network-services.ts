import type { NetworkConfig } from '../../../infra/config';
import { isForbidden } from '../../../kubernetes-api';
import { ConnectionError, exchange } from '../../../policies/provider/http/exchange';
import { type ServiceEndpoint, type UrlEndpoint, urlRoute } from '../../../policies/provider/http/endpoint';
import type { Cluster } from '../../cluster/cluster';
import type { Subject } from '../../stack-objects/subject';
import type { Check } from '../check';
import { type Finding, findingsOf } from '../finding';

const { ok, problem, warning } = findingsOf('network services');

/** How long a service may take to answer, in milliseconds. */
const TIMEOUT = 5_000;

/** What the API server answers where nobody answers behind it. */
const NOBODY = [502, 503, 504];

const WORDS = { gateway: 'gateway', policiesSystem: 'policies system', clustersRegistry: 'clusters registry' } as const;

/** What came of asking a service through the API server. */
export interface Proxied {
  /** Whether the cluster has the Service. */
  exists: boolean;
  /** Whether it is one that the stack makes. */
  isOwn: boolean;
  /** HTTP status; absent: it was not asked. */
  code?: number;
}

/** Whether governance reaches a service behind the API server. What the stack has still to make need not be there yet. */
export function judgeProxied(what: string, { exists, isOwn, code }: Proxied): Finding {
  if (!exists && isOwn) return ok(`${what} is still to be made by the stack`);
  if (!exists) return problem(`${what} is not there`, 'name the right Service in policies.endpoints, or have it made');
  if (code === undefined || NOBODY.includes(code)) {
    return warning(
      `nobody answers at ${what}`,
      'see whether its pods are ready (kubectl get pods); governance waits for it',
    );
  }
  return ok(`${what} answers through the API server`);
}

async function proxied(
  what: string,
  { service }: ServiceEndpoint,
  subject: Subject,
  cluster: Cluster,
): Promise<Finding> {
  const { namespace, name, port } = service;
  const path = `/api/v1/namespaces/${namespace}/services`;
  const isOwn = subject.objects.some(
    (object) => object.kind === 'Service' && object.namespace === namespace && object.name === name,
  );
  const exists = (await cluster.get(`${path}/${name}`)) !== undefined;
  const where = `the ${what}, ${namespace}/${name}:${port},`;
  if (!exists) return judgeProxied(where, { exists, isOwn });
  if (!(await cluster.may({ verb: 'get', group: '', resource: 'services', subresource: 'proxy', namespace }))) {
    return problem(`may not get services/proxy in ${namespace}, by which the ${what} is asked`, 'have it granted');
  }
  return judgeProxied(where, { exists, isOwn, code: await cluster.status(`${path}/${name}:${port}/proxy/`) });
}

/** Any answer will do: what it says is for those to judge who have its token. */
async function direct(what: string, { url, ca }: Pick<UrlEndpoint, 'url' | 'ca'>): Promise<Finding> {
  try {
    const connection = await urlRoute({ url, ...(ca !== undefined && { ca }) }).connection(false);
    const [content, keepAlive, signal] = [undefined, false, new AbortController().signal];
    await exchange(connection, {
      method: 'GET',
      path: '/',
      headers: {},
      content,
      timeoutMs: TIMEOUT,
      keepAlive,
      signal,
    });
    return ok(`the ${what} answers at ${url}`);
  } catch (error) {
    if (!(error instanceof ConnectionError)) throw error;
    return problem(`the ${what} does not answer at ${url}: ${error.message}`, 'start it, or mend policies.endpoints');
  }
}

async function asked(
  what: string,
  endpoint: NetworkConfig['policies']['endpoints']['gateway'],
  subject: Subject,
  cluster: Cluster,
): Promise<Finding> {
  if ('url' in endpoint) return direct(what, endpoint);
  try {
    return await proxied(what, endpoint, subject, cluster);
  } catch (error) {
    if (!isForbidden(error)) throw error;
    return problem(`the ${what}: ${error.message}`, 'have it granted');
  }
}

/** Whether gateway, policies system and clusters registry can be reached from here, by the way that the stack names. */
export const networkServicesCheck: Check = (subject, cluster) => {
  const { endpoints } = subject.config.policies;
  const names = Object.keys(WORDS) as (keyof typeof WORDS)[];
  return Promise.all(names.map((name) => asked(WORDS[name], endpoints[name], subject, cluster)));
};
