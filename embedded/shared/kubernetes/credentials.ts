import type { KubeConfig } from '@kubernetes/client-node';
import { readFileSync } from 'node:fs';
import { OutgoingHttpHeaders } from 'node:http';
import { AgentOptions, RequestOptions } from 'node:https';
import { isAbsolute, join } from 'node:path';
import { UserError } from '../errors';
import { textAt } from './json';
import { NamedEntry, Target } from './kubeconfig';

/** How a target is spoken to. */
export interface Credentials {
  tls: AgentOptions;
  /** What authenticates a request; asked for each request, as what login programs hand out expires. */
  authorize(): Promise<Authorization>;
}

export interface Authorization extends Pick<RequestOptions, 'cert' | 'key'> {
  headers: OutgoingHttpHeaders;
}

/**
 * Reads certificates and keys now and tokens at each request.
 *
 * @throws UserError naming what of the kubeconfig is not supported or cannot be read
 */
export function readCredentials(target: Target): Credentials {
  const { cluster, user } = target;
  if (cluster.settings['proxy-url'] !== undefined) {
    throw new UserError(`kubeconfig cluster "${cluster.name}": proxy-url is not supported by this engine`);
  }
  const tls = { ...clusterTls(cluster), ...(user && userTls(user)) };
  if (!user) return { tls, authorize: () => Promise.resolve({ headers: {} }) };
  if (user.settings.exec !== undefined || user.settings['auth-provider'] !== undefined) {
    return { tls, authorize: loginProgram(target, user) };
  }
  return { tls, authorize: () => Promise.resolve({ headers: staticHeaders(user) }) };
}

function clusterTls(cluster: NamedEntry): AgentOptions {
  const ca = readData(cluster, 'certificate-authority');
  const serverName = textAt(cluster.settings, 'tls-server-name');
  return {
    ...(ca !== undefined && { ca }),
    ...(serverName !== '' && { servername: serverName }),
    ...(cluster.settings['insecure-skip-tls-verify'] === true && { rejectUnauthorized: false }),
  };
}

function userTls(user: NamedEntry): AgentOptions {
  const cert = readData(user, 'client-certificate');
  const key = readData(user, 'client-key');
  return { ...(cert !== undefined && { cert }), ...(key !== undefined && { key }) };
}

/** `<key>-data` holds it in base64; `<key>` names a file. */
function readData({ name, settings, directory }: NamedEntry, key: string): Buffer | undefined {
  const data = textAt(settings, `${key}-data`);
  if (data !== '') return Buffer.from(data, 'base64');
  const path = textAt(settings, key);
  return path === '' ? undefined : readFile(path, directory, `${key} of "${name}"`);
}

function readFile(path: string, directory: string, what: string): Buffer {
  try {
    return readFileSync(isAbsolute(path) ? path : join(directory, path));
  } catch {
    throw new UserError(`kubeconfig: ${what}: the file ${path} cannot be read`);
  }
}

function staticHeaders({ name, settings, directory }: NamedEntry): OutgoingHttpHeaders {
  const impersonated = textAt(settings, 'as');
  const headers: OutgoingHttpHeaders = impersonated === '' ? {} : { 'Impersonate-User': impersonated };
  const file = textAt(settings, 'tokenFile');
  const fromFile = file === '' ? '' : readFile(file, directory, `tokenFile of "${name}"`).toString().trim();
  const token = fromFile || textAt(settings, 'token');
  if (token !== '') return { ...headers, Authorization: `Bearer ${token}` };
  const username = textAt(settings, 'username');
  if (username === '') return headers;
  const basic = Buffer.from(`${username}:${textAt(settings, 'password')}`).toString('base64');
  return { ...headers, Authorization: `Basic ${basic}` };
}

/**
 * Login programs (exec plugins, OIDC, clouds) are left to the Kubernetes client library, which caches what they hand out.
 * Loading it takes half a second that no other kubeconfig should pay.
 */
function loginProgram(target: Target, user: NamedEntry): () => Promise<Authorization> {
  let config: Promise<KubeConfig> | undefined;
  return async () => {
    config ??= libraryConfig(target, user);
    const options: RequestOptions = {};
    await (await config).applyToHTTPSOptions(options);
    const { headers, cert, key } = options;
    return {
      headers: { ...staticHeaders(user), ...(headers as OutgoingHttpHeaders) },
      ...(cert !== undefined && { cert }),
      ...(key !== undefined && { key }),
    };
  };
}

async function libraryConfig(target: Target, user: NamedEntry): Promise<KubeConfig> {
  const { KubeConfig } = await import('@kubernetes/client-node');
  const { exec, 'auth-provider': authProvider } = user.settings;
  const config = new KubeConfig();
  config.loadFromOptions({
    clusters: [{ name: target.cluster.name, server: textAt(target.cluster.settings, 'server') }],
    users: [{ name: user.name, exec, authProvider }],
    contexts: [{ name: target.context, cluster: target.cluster.name, user: user.name }],
    currentContext: target.context,
  });
  return config;
}
