import { createPrivateKey, generateKeyPairSync, X509Certificate } from 'node:crypto';
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { readIfPresent, writePrivate } from '../shared/files/private-file';
import { RELATIVE, type ClusterFolder } from './paths';

/** A certificate that ends sooner than this is replaced at the next start. */
const renewalPeriod = 30 * 24 * 3600 * 1000;

/**
 * The API server's certificate followed by the authority that signed it. The API server makes both when it starts
 * without them (for 127.0.0.1, valid a year) and throws the authority's key away: nobody can sign another.
 * @returns undefined if it is absent, incomplete, or ends soon
 */
export async function servingCertificate({ root }: ClusterFolder): Promise<string | undefined> {
  const certificate = await readIfPresent(path.join(root, RELATIVE.servingCertificate));
  const key = await readIfPresent(path.join(root, RELATIVE.servingKey));
  return certificate && key && isUsable(certificate, key, Date.now()) ? certificate : undefined;
}

/** @param now in milliseconds */
export function isUsable(certificate: string, key: string, now: number): boolean {
  try {
    const parsed = new X509Certificate(certificate);
    return parsed.checkPrivateKey(createPrivateKey(key)) && Date.parse(parsed.validTo) - now > renewalPeriod;
  } catch {
    return false; // half written when its maker was killed
  }
}

/** Has the API server make a new certificate: half a pair would keep it from starting. */
export async function removeServingCertificate({ root }: ClusterFolder): Promise<void> {
  await rm(path.join(root, RELATIVE.servingCertificate), { force: true });
  await rm(path.join(root, RELATIVE.servingKey), { force: true });
}

/** The key that signs the tokens of service accounts. Kept: tokens in the cluster would be void with another. */
export async function ensureServiceAccountKey({ root }: ClusterFolder): Promise<void> {
  const file = path.join(root, RELATIVE.serviceAccountKey);
  if ((await readIfPresent(file)) !== undefined) return;
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  await writePrivate(file, privateKey.export({ type: 'sec1', format: 'pem' }).toString());
}
