import type { Agent } from 'node:http';
import type { AgentOptions } from 'node:https';
import { BlockList, isIP } from 'node:net';
import { ClusterAccessError } from './errors';

/**
 * The proxy that leads to a server, as kubectl chooses it: the kubeconfig's `proxy-url`, else $HTTPS_PROXY or $HTTP_PROXY
 * unless $NO_PROXY names the host. Loopback addresses are never looked for behind a proxy of the environment.
 *
 * @param proxyUrl of the kubeconfig; empty: none
 * @throws ClusterAccessError naming a proxy that cannot be used
 */
export function proxyFor(server: URL, proxyUrl: string, environment = process.env): URL | undefined {
  if (proxyUrl !== '') return parseProxy(proxyUrl, 'proxy-url of the kubeconfig');
  const variable = server.protocol === 'https:' ? 'HTTPS_PROXY' : 'HTTP_PROXY';
  const valueOf = (name: string) => [environment[name], environment[name.toLowerCase()]].find(Boolean) ?? '';
  const proxy = valueOf(variable);
  if (proxy === '' || isLoopback(hostOf(server)) || isExcepted(server, valueOf('NO_PROXY'))) return undefined;
  return parseProxy(proxy, variable);
}

/** The proxy's address as messages show it: without its password. */
export const nameOf = ({ protocol, host }: URL): string => `${protocol}//${host}`;

/** An agent whose connections go through the proxy. Loaded when needed: hardly any kubeconfig names a proxy. */
export async function agentThrough(proxy: URL, isSecure: boolean, options: AgentOptions): Promise<Agent> {
  if (proxy.protocol === 'socks5:') {
    const { SocksProxyAgent } = await import('socks-proxy-agent');
    return new SocksProxyAgent(proxy, options);
  }
  const { HttpProxyAgent, HttpsProxyAgent } = await import('hpagent');
  const all = { ...options, proxy };
  return isSecure ? new HttpsProxyAgent(all) : new HttpProxyAgent(all);
}

function parseProxy(text: string, source: string): URL {
  const url = text.includes('://') ? text : `http://${text}`;
  const proxy = URL.canParse(url) ? new URL(url) : undefined;
  if (proxy && ['http:', 'https:', 'socks5:'].includes(proxy.protocol)) return proxy;
  throw new ClusterAccessError(`${source}: the proxy must be an http, https or socks5 URL`);
}

const hostOf = (url: URL) => url.hostname.replace(/^\[|\]$/g, '').toLowerCase();

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'));
}

/** Names, names with their subdomains, addresses and ranges of addresses, each with a port or without; `*` is everything. */
function isExcepted(server: URL, noProxy: string): boolean {
  const host = hostOf(server);
  const port = server.port || (server.protocol === 'https:' ? '443' : '80');
  return noProxy
    .split(',')
    .map((entry) => entry.trim().toLowerCase())
    .some((entry) => entry !== '' && (entry === '*' || matches(entry, host, port)));
}

function matches(entry: string, host: string, port: string): boolean {
  const [, name = entry, ofPort] = /^\[?(.*?)\]?:(\d+)$/.exec(isIP(entry) ? '' : entry) ?? [];
  if (ofPort !== undefined && ofPort !== port) return false;
  if (isIP(host)) return name === host || isInRange(host, name);
  if (name.startsWith('.') || name.startsWith('*.')) return host.endsWith(name.replace(/^\*/, ''));
  return host === name || host.endsWith(`.${name}`);
}

function isInRange(address: string, range: string): boolean {
  const [network = '', prefix] = range.split('/');
  const family = isIP(network);
  if (prefix === undefined || family === 0 || family !== isIP(address)) return false;
  const list = new BlockList();
  const type = family === 4 ? 'ipv4' : 'ipv6';
  try {
    list.addSubnet(network, Number(prefix), type);
  } catch {
    return false;
  }
  return list.check(address, type);
}
