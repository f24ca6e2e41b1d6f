import { isIPv4 } from 'node:net';
import { z } from 'zod';

const LABEL = '[a-z0-9](?:[-a-z0-9]{0,61}[a-z0-9])?';
const HOST = '[A-Za-z0-9](?:[-A-Za-z0-9]{0,61}[A-Za-z0-9])?(?:\\.[A-Za-z0-9](?:[-A-Za-z0-9]{0,61}[A-Za-z0-9])?)*';
const REPOSITORY_PATH = '[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*(?:/[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*)*';
const TAG = '[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}';
const DIGEST = 'sha256:[0-9a-f]{64}';

/** A text of a form; the rule completes the sentence "the value …". */
function form(pattern: string, rule: string, example?: string): z.ZodString {
  const schema = z.string().regex(new RegExp(`^${pattern}$`), { error: rule, abort: true });
  return example === undefined ? schema : schema.meta({ examples: [example] });
}

/** A DNS label: lower case letters, digits and inner hyphens, at most 63. */
export const dnsLabel = form(
  LABEL,
  'must be a DNS label: at most 63 lower case letters, digits and hyphens, starting and ending with a letter or digit',
  'my-network',
);

/** Name of a Kubernetes object such as a node, a Secret or a StorageClass. */
export const objectName = form(
  `(?=.{1,253}$)${LABEL}(?:\\.${LABEL})*`,
  'must be the name of a Kubernetes object: at most 253 lower case letters, digits, hyphens and dots',
  'worker-1',
);

/** Name of a database that services may share, as MongoDB takes it on every platform. */
export const databaseName = form(
  '(?!(?:admin|local|config)$)[A-Za-z0-9_-]{1,38}',
  "must be the name of a database: at most 38 letters, digits, '_' and '-', and none of MongoDB's own (admin, local, config)",
  'models',
);

/** Domain that the names of a cluster's Services end in. */
export const dnsDomain = form(
  `(?=.{1,200}$)${LABEL}(?:\\.${LABEL})*`,
  'must be a DNS domain without a dot at either end: lower case letters, digits, hyphens and dots',
  'cluster.local',
);

/** What ends in a number is read as an IPv4 address, by everything that resolves host names. */
const isHost = (name: string) => name.length <= 253 && (!/(?:^|\.)\d+$/.test(name) || isIPv4(name));

/** "This network", multicast, what is reserved, and broadcast: nobody is reached there. */
const isNobody = (name: string) => isIPv4(name) && /^(?:0|22[4-9]|23\d|24\d|25[0-5])\./.test(name);

/** Host name or IPv4 address, without scheme, port or path. */
export const host = form(
  HOST,
  'must be a host name or an IPv4 address, without scheme, port or path',
  'network.example.org',
)
  .refine(isHost, { error: 'must be a host name of at most 253 letters, or an IPv4 address of four numbers up to 255' })
  .refine((name) => !isNobody(name), { error: 'must be an address that one host has' });

const isPort = (port: string | undefined) => port === undefined || (Number(port) >= 1 && Number(port) <= 65535);

/** Whether the `host[:port]` that a reference begins with could be one. */
function hasHost(reference: string): boolean {
  const [, name = '', port] = /^([^/:]+)(?::(\d+))?(?:\/|$)/.exec(reference) ?? [];
  return isHost(name) && isPort(port);
}

/** `host[:port][/path]` of an image registry, without scheme. */
export const imageRegistry = form(
  `${HOST}(?::\\d{1,5})?(?:/${REPOSITORY_PATH})?`,
  'must be host[:port][/path] of an image registry, without scheme or trailing slash',
  'registry.example.org:31280',
).refine(hasHost, { error: 'must begin with a host name or an IPv4 address, and a port up to 65535' });

/** A complete image reference: `[host[:port]/]path[:tag][@digest]`. */
export const imageReference = form(
  `(?:${HOST}(?::\\d{1,5})?/)?${REPOSITORY_PATH}(?::${TAG})?(?:@${DIGEST})?`,
  'must be an image reference: [host[:port]/]path[:tag][@sha256:digest]',
  'registry.example.org/mgmt/parser:v1.2.0',
).refine((reference) => !/^[^/]*[.:][^/]*\//.test(reference) || hasHost(reference), {
  error: 'must begin with a host name or an IPv4 address, and a port up to 65535',
});

/** Tag of an image. */
export const imageTag = form(
  TAG,
  'must be an image tag: letters, digits, _, . and -, at most 128, not starting with . or -',
  'v1.2.0',
);

/** Digest of an image. */
export const imageDigest = form(
  DIGEST,
  'must be an image digest: sha256: and 64 hexadecimal digits',
  `sha256:${'0123456789abcdef'.repeat(4)}`,
);

/** A port that a Service opens on every node. */
export const nodePort = z
  .int()
  .min(30000, { error: 'must be a nodePort between 30000 and 32767' })
  .max(32767, { error: 'must be a nodePort between 30000 and 32767' })
  .meta({ examples: [30500] });

/** A user of Linux other than root. Kubernetes takes 31 bits. */
export const runtimeUser = z
  .int()
  .min(1, { error: 'must be the number of a user other than root, 1 at least' })
  .max(2 ** 31 - 1, { error: 'must be at most 2147483647' })
  .meta({ examples: [1000] });

/** An absolute directory, without a trailing slash. */
export const absolutePath = form(
  '(?:/[A-Za-z0-9._-]+)+',
  'must be an absolute path without spaces or a trailing slash',
  '/mnt/data/registry',
)
  .refine((path) => !/\/\.\.?(?:\/|$)/.test(path), { error: 'must name each directory, without . and ..' })
  .refine((path) => path.length <= 1024, { error: 'must have at most 1024 letters' });

/** Whether a client could make a request of it: `http://999.1.1.1` and port 0 are none. */
function isUrl(text: string): boolean {
  return URL.canParse(text) && new URL(text).port !== '0';
}

/** An http, https or ws address. */
export const url = form(
  '(?:https?|wss?)://[^\\s/]+(?:/\\S*)?',
  'must be an http://, https:// or ws:// address',
  'http://search-server.example.org:12000',
).refine(isUrl, { error: 'must be an address with a host name or an IP address, and a port up to 65535' });

/** An http or https address. */
export const httpUrl = form(
  'https?://[^\\s/?#@]+(?:/[^\\s?#]*)?',
  'must be an http:// or https:// address, without credentials, query or fragment',
  'https://gateway.example.org',
).refine(isUrl, { error: 'must be an address with a host name or an IP address, and a port up to 65535' });

/** Id of a cluster or an executor, which becomes a part of URLs. */
export const identifier = form(
  '[A-Za-z0-9][A-Za-z0-9._-]*',
  'must be letters, digits, -, _ and ., starting with a letter or digit',
  'cluster-456',
);

/** Text that must say something. */
export const text = form('\\S(?:.*\\S)?', 'must not be empty, nor start or end with a space');

const environmentName = form(
  '[A-Za-z_][A-Za-z0-9_]*',
  'must be letters, digits and _, not starting with a digit',
  'LOG',
);

/** Names and values of environment variables. */
export const environment = z.record(environmentName, z.string().meta({ examples: ['"8080"'] }));
