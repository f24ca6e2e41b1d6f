import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { OutgoingHttpHeaders } from 'node:http';
import type { AgentOptions, RequestOptions } from 'node:https';
import { isAbsolute, join } from 'node:path';
import { createSecureContext } from 'node:tls';
import { ClusterAccessError } from './errors';
import { ExecPlugin } from './exec-plugin';
import { type JsonMap, isJsonMap, listAt, mapAt, textAt } from './json';
import type { NamedEntry, Target } from './kubeconfig';

/** How a target is spoken to. */
export interface Credentials {
  tls: AgentOptions;
  /** What authenticates a request; asked for each request, as what login programs hand out expires. */
  authorize(): Promise<Authorization>;
  /** Drops what the server refuses. @returns whether another try may succeed */
  renew(): boolean;
}

export interface Authorization extends Pick<RequestOptions, 'cert' | 'key'> {
  headers: OutgoingHttpHeaders;
}

/**
 * Reads certificates and keys now and tokens at each request.
 *
 * @throws ClusterAccessError naming what of the kubeconfig is not supported or cannot be read
 */
export function readCredentials(target: Target): Credentials {
  const { cluster, user } = target;
  const tls = { ...clusterTls(cluster), ...(user && userTls(user)) };
  if (!user) return { tls, authorize: () => Promise.resolve({ headers: {} }), renew: () => false };
  if (isJsonMap(user.settings.exec)) return { tls, ...withPlugin(new ExecPlugin(target, user), user) };
  if (user.settings['auth-provider'] !== undefined) {
    return { tls, authorize: authProvider(target, user), renew: () => false };
  }
  return { tls, authorize: () => Promise.resolve({ headers: staticHeaders(user) }), renew: () => false };
}

function clusterTls(cluster: NamedEntry): AgentOptions {
  const ca = readData(cluster, 'certificate-authority');
  if (ca) checkPem(cluster, 'certificate-authority', () => new X509Certificate(ca));
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
  if (!cert || !key) return {};
  checkPem(user, 'client-certificate', () => createSecureContext({ cert }));
  checkPem(user, 'client-key', () => createSecureContext({ cert, key }));
  return { cert, key };
}

function checkPem({ name }: NamedEntry, key: string, use: () => unknown): void {
  try {
    use();
  } catch {
    throw new ClusterAccessError(`kubeconfig: ${key} of "${name}" is not valid PEM, or does not belong to the rest`);
  }
}

/** `<key>-data` holds it in base64; `<key>` names a file. */
function readData({ name, settings, directory }: NamedEntry, key: string): Buffer | undefined {
  const data = textAt(settings, `${key}-data`);
  if (data !== '') return Buffer.from(data, 'base64');
  const path = textAt(settings, key);
  return path === '' ? undefined : readFile(path, directory, `${key} of "${name}"`);
}

function readFile(path: string, directory: string, what: string): Buffer {
  const file = isAbsolute(path) ? path : join(directory, path);
  try {
    return readFileSync(file);
  } catch {
    throw new ClusterAccessError(`kubeconfig: ${what}: the file ${file} cannot be read`);
  }
}

function staticHeaders(user: NamedEntry): OutgoingHttpHeaders {
  const { name, settings, directory } = user;
  const headers = impersonation(settings);
  const file = textAt(settings, 'tokenFile');
  const fromFile = file === '' ? '' : readFile(file, directory, `tokenFile of "${name}"`).toString().trim();
  const token = fromFile || textAt(settings, 'token');
  if (token !== '') return { ...headers, Authorization: `Bearer ${token}` };
  const username = textAt(settings, 'username');
  if (username === '') return headers;
  const basic = Buffer.from(`${username}:${textAt(settings, 'password')}`).toString('base64');
  return { ...headers, Authorization: `Basic ${basic}` };
}

/** `as`, `as-uid`, `as-groups` and `as-user-extra`. */
function impersonation(settings: JsonMap): OutgoingHttpHeaders {
  const [user, uid, groups] = [textAt(settings, 'as'), textAt(settings, 'as-uid'), listAt(settings, 'as-groups')];
  const extra = Object.entries(mapAt(settings, 'as-user-extra')).map(
    ([key, values]) =>
      [`Impersonate-Extra-${encodeURIComponent(key)}`, Array.isArray(values) ? values.map(String) : []] as const,
  );
  return {
    ...(user !== '' && { 'Impersonate-User': user }),
    ...(uid !== '' && { 'Impersonate-Uid': uid }),
    ...(groups.length > 0 && { 'Impersonate-Group': groups.map(String) }),
    ...Object.fromEntries(extra),
  };
}

function withPlugin(plugin: ExecPlugin, user: NamedEntry): Pick<Credentials, 'authorize' | 'renew'> {
  return {
    async authorize() {
      const { token, cert, key } = await plugin.credential();
      return {
        headers: { ...staticHeaders(user), ...(token !== '' && { Authorization: `Bearer ${token}` }) },
        ...(cert !== '' && { cert, key }),
      };
    },
    renew() {
      plugin.forget();
      return true;
    },
  };
}

/**
 * An OIDC login is left to the Kubernetes client library, which renews its tokens. Loading it takes half a second (as much for
 * its kubeconfig module alone) that no other kubeconfig should pay.
 */
function authProvider(target: Target, user: NamedEntry): () => Promise<Authorization> {
  const settings = mapAt(user.settings, 'auth-provider');
  const name = textAt(settings, 'name');
  if (name !== 'oidc') {
    throw new ClusterAccessError(
      `kubeconfig user "${user.name}": auth-provider "${name}" is not supported (kubectl dropped all but oidc); use exec`,
    );
  }
  return async () => {
    const { KubeConfig } = await import('@kubernetes/client-node');
    const config = new KubeConfig();
    config.loadFromOptions({
      clusters: [{ name: target.cluster.name, server: textAt(target.cluster.settings, 'server') }],
      users: [{ name: user.name, authProvider: settings }],
      contexts: [{ name: target.context, cluster: target.cluster.name, user: user.name }],
      currentContext: target.context,
    });
    const options: RequestOptions = {};
    try {
      await config.applyToHTTPSOptions(options);
    } catch {
      throw new ClusterAccessError(`kubeconfig user "${user.name}": the OIDC login cannot be renewed: log in again`);
    }
    return { headers: { ...staticHeaders(user), ...(options.headers as OutgoingHttpHeaders) } };
  };
}
