import { X509Certificate } from 'node:crypto';
import { TLS_VOLUME } from '../../../infra/database/tls';
import { type Json, listAt, textAt } from '../../../kubernetes-api';
import type { StackObject } from '../../stack-objects/objects';
import { type Check, unlessForbidden } from '../check';
import { type Finding, judged } from '../finding';

/** Days before its end at which a certificate should have been renewed: cert-manager does so 30 days before. */
const DAYS_LEFT = 14;

const DAY = 24 * 60 * 60 * 1000;

/** Names of the Secrets with certificates that an object has others be served with: of workloads, those of a database's members. */
export function tlsSecretsOf({ kind, content }: Pick<StackObject, 'kind' | 'content'>): string[] {
  if (kind === 'Ingress') return listAt(content, 'spec', 'tls').map((tls) => textAt(tls, 'secretName'));
  if (kind === 'StatefulSet' || kind === 'Deployment') {
    const volumes = listAt(content, 'spec', 'template', 'spec', 'volumes');
    return volumes
      .filter((volume) => textAt(volume, 'name') === TLS_VOLUME)
      .map((one) => textAt(one, 'secret', 'secretName'));
  }
  if (kind !== 'Gateway') return [];
  const references = listAt(content, 'spec', 'listeners').flatMap((one) => listAt(one, 'tls', 'certificateRefs'));
  return references.map((reference) => textAt(reference, 'name'));
}

/**
 * Whether a certificate is there and good for a while.
 *
 * @param secret undefined: it is not there
 */
export function judgeCertificate(subject: string, secret: Json | undefined, now: Date): Finding {
  if (secret === undefined) return { subject, state: 'bad', text: 'the Secret is not there' };
  const end = endOf(textAt(secret, 'data', 'tls.crt'));
  if (end === undefined) return { subject, state: 'bad', text: 'tls.crt is no certificate' };
  const days = Math.floor((end.getTime() - now.getTime()) / DAY);
  const ends = `${end.toISOString().slice(0, 10)} (${days < 0 ? 'over' : `in ${days} days`})`;
  return judged(subject, days < DAYS_LEFT ? [`ends ${ends}: it was not renewed`] : [], `ends ${ends}`);
}

/** @param data base64 of PEM; the first of several is the server's own */
function endOf(data: string): Date | undefined {
  try {
    return new Date(new X509Certificate(Buffer.from(data, 'base64')).validTo);
  } catch {
    return undefined;
  }
}

/** Whether the certificates that the stack serves with will do for a while. Where it names none, nothing is asked. */
export const certificatesCheck: Check = async ({ objects }, cluster) => {
  const named = objects.flatMap((object) =>
    tlsSecretsOf(object)
      .filter(Boolean)
      .map((name) => `${object.namespace ?? ''}/secrets/${name}`),
  );
  const found = [...new Set(named)].map((path) => {
    const subject = path.replace('/secrets/', '/');
    return unlessForbidden(subject, async () => {
      const secret = await cluster.get(`/api/v1/namespaces/${path}`);
      return [judgeCertificate(subject, secret, new Date())];
    });
  });
  return (await Promise.all(found)).flat();
};
