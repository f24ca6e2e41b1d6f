import { createPrivateKey, X509Certificate } from 'node:crypto';
import { DATABASE_SECTIONS, DATABASES } from '../../../infra/catalogue';
import { memberHosts } from '../../../infra/database/addresses';
import { type Json, textAt } from '../../../kubernetes-api';
import type { Check } from '../check';
import { type Finding, findingsOf, someOf } from '../finding';

const { ok, problem, warning } = findingsOf('database TLS');

const KEYS = ['tls.crt', 'tls.key', 'ca.crt'] as const;

/** That a certificate is for clients, too, as an extended key usage: members show theirs to each other. */
const CLIENT_AUTHENTICATION = '1.3.6.1.5.5.7.3.2';

/** The Secret that a database's members have their certificate from. */
export interface CertificateSecret {
  name: string;
  namespace: string;
  /** Whether anybody can have put it there. */
  hasNamespace: boolean;
  /** Undefined: it is not there. */
  live: Json | undefined;
  /** Host names of the members. */
  hosts: readonly string[];
}

const HOW = 'docs/operations.md, "TLS", has a Certificate for cert-manager';

/** Whether members can start with the Secret, and who connects can verify them. */
export function judgeCertificateSecret(secret: CertificateSecret, now: Date): Finding {
  const { name, namespace, hasNamespace, live } = secret;
  const subject = `${namespace}/${name}`;
  if (!hasNamespace) {
    return warning(
      `namespace ${namespace} is still to be made, and Secret ${name} with it: members wait for it`,
      `make it while \`make up\` waits for them: ${HOW}`,
    );
  }
  if (live === undefined) return problem(`${subject} is not there: members would not start`, `make it: ${HOW}`);
  const missing = KEYS.filter((key) => textAt(live, 'data', key) === '');
  if (missing.length > 0) return problem(`${subject} has no ${missing.join(', ')}`, `add what is missing: ${HOW}`);
  const faults = faultsOf(secret, live, now);
  if (faults.length > 0) return problem(`${subject}: ${faults.join('; ')}`, `have the certificate made anew: ${HOW}`);
  return ok(subject);
}

function faultsOf({ hosts }: CertificateSecret, live: Json, now: Date): string[] {
  const [own, key, authority] = KEYS.map((name) => Buffer.from(textAt(live, 'data', name), 'base64').toString());
  const [certificate, ...others] = certificatesIn(own);
  const issuers = [...others, ...certificatesIn(authority)];
  if (certificate === undefined) return ['tls.crt is no certificate'];
  if (issuers.length === others.length) return ['ca.crt is no certificate'];
  const unnamed = hosts.filter((host) => certificate.checkHost(host) === undefined);
  // All usages are allowed where none is named.
  const usages = certificate.keyUsage as readonly string[] | undefined;
  return [
    ...(belongs(key, certificate) ? [] : ['tls.key is not the key of tls.crt']),
    ...(new Date(certificate.validTo) > now ? [] : [`tls.crt has ended on ${certificate.validTo}`]),
    ...(unnamed.length === 0 ? [] : [`tls.crt is not for ${someOf(unnamed)}`]),
    ...(usages === undefined || usages.includes(CLIENT_AUTHENTICATION) ? [] : ['tls.crt is not for client auth, too']),
    ...(issuers.some((one) => isIssuer(one, certificate)) ? [] : ['nothing in ca.crt has signed tls.crt']),
  ];
}

/** Of a PEM file; none where it has none, or something else. */
function certificatesIn(pem = ''): X509Certificate[] {
  try {
    const blocks = pem.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
    return blocks.map((block) => new X509Certificate(block));
  } catch {
    return [];
  }
}

function belongs(key: string | undefined, certificate: X509Certificate): boolean {
  try {
    return certificate.checkPrivateKey(createPrivateKey(key ?? ''));
  } catch {
    return false;
  }
}

const isIssuer = (one: X509Certificate, certificate: X509Certificate) =>
  certificate.checkIssued(one) && certificate.verify(one.publicKey);

/** Whether the Secrets are there, and right, that the members of databases over TLS have their certificates from. */
export const databaseCertificatesCheck: Check = async ({ config }, cluster) => {
  const namespaces = await cluster.namespaces();
  const wanted = DATABASE_SECTIONS.flatMap((section) => {
    const { tls } = config[section];
    return tls === undefined ? [] : [{ section, secret: tls.secret }];
  });
  if (wanted.length === 0) return [ok('none wanted')];
  const found = wanted.map(async ({ section, secret: name }) => {
    const { name: database, namespace } = DATABASES[section];
    const hasNamespace = namespaces.has(namespace);
    const live = hasNamespace ? await cluster.get(`/api/v1/namespaces/${namespace}/secrets/${name}`) : undefined;
    const addresses = memberHosts({ name: database, namespace, config: config[section] });
    const hosts = addresses.map((address) => address.replace(/:\d+$/, ''));
    return judgeCertificateSecret({ name, namespace, hasNamespace, live, hosts }, new Date());
  });
  return Promise.all(found);
};
