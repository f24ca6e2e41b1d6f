import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto';

/** A certificate, its key, and what others are signed with it by. */
export interface MadeCertificate {
  pem: string;
  key: string;
  name: string;
  privateKey: KeyObject;
}

/** What a certificate is to say. */
export interface Wish {
  name: string;
  hosts?: readonly string[];
  /** Object identifiers of extended key usages. */
  usages?: readonly string[];
  /** As `261130000000Z`. */
  until?: string;
  /** Default: it signs itself. */
  issuer?: MadeCertificate;
}

/** Node reads certificates and makes none: as much of X.509 as these tests need (RFC 5280). */
export function makeCertificate({ name, hosts, usages, until = '491231000000Z', issuer }: Wish): MadeCertificate {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const algorithm = sequence(objectId('1.2.840.10045.4.3.2'));
  const extensions = [
    ...(hosts ? [extension('2.5.29.17', sequence(...hosts.map((host) => der(0x82, Buffer.from(host)))))] : []),
    ...(usages ? [extension('2.5.29.37', sequence(...usages.map(objectId)))] : []),
  ];
  const body = sequence(
    der(0xa0, der(0x02, Buffer.from([2]))),
    der(0x02, Buffer.from([1])),
    algorithm,
    distinguishedName(issuer?.name ?? name),
    sequence(time('200101000000Z'), time(until)),
    distinguishedName(name),
    publicKey.export({ type: 'spki', format: 'der' }),
    ...(extensions.length > 0 ? [der(0xa3, sequence(...extensions))] : []),
  );
  const signature = sign('sha256', body, issuer?.privateKey ?? privateKey);
  const certificate = sequence(body, algorithm, der(0x03, Buffer.from([0]), signature));
  const key = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  return { pem: pemOf(certificate), key, name, privateKey };
}

function pemOf(certificate: Buffer): string {
  const lines = certificate.toString('base64').match(/.{1,64}/g) ?? [];
  return ['-----BEGIN CERTIFICATE-----', ...lines, '-----END CERTIFICATE-----', ''].join('\n');
}

function der(tag: number, ...parts: Buffer[]): Buffer {
  const content = Buffer.concat(parts);
  const size = content.length;
  const length = size < 128 ? [size] : size < 256 ? [0x81, size] : [0x82, size >> 8, size & 255];
  return Buffer.concat([Buffer.from([tag, ...length]), content]);
}

const sequence = (...parts: Buffer[]) => der(0x30, ...parts);
const time = (text: string) => der(0x17, Buffer.from(text));
const extension = (id: string, value: Buffer) => sequence(objectId(id), der(0x04, value));
const distinguishedName = (name: string) =>
  sequence(der(0x31, sequence(objectId('2.5.4.3'), der(0x0c, Buffer.from(name)))));

function objectId(id: string): Buffer {
  const [first = 0, second = 0, ...rest] = id.split('.').map(Number);
  return der(0x06, Buffer.from([first * 40 + second, ...rest.flatMap(base128)]));
}

function base128(value: number): number[] {
  const digits = [value & 127];
  for (let left = value >> 7; left > 0; left >>= 7) digits.unshift((left & 127) | 128);
  return digits;
}
