import {
  type CertificateSecret,
  judgeCertificateSecret,
} from '../../../../operations/doctor/checks/database-certificates';
import { makeCertificate } from './certificate-maker';

const SERVER = '1.3.6.1.5.5.7.3.1';
const CLIENT = '1.3.6.1.5.5.7.3.2';
const hosts = [0, 1, 2].map((n) => `registry-${n}.registries.svc.cluster.local`);

const authority = makeCertificate({ name: 'authority' });
const wish = { name: 'registry', hosts, usages: [SERVER, CLIENT], issuer: authority };
const good = makeCertificate(wish);

const files = { 'tls.crt': good.pem, 'tls.key': good.key, 'ca.crt': authority.pem };

function judged(data: Partial<Record<string, string>>, more: Partial<CertificateSecret> = {}) {
  const encoded = Object.entries(data).map(([key, text = '']) => [key, Buffer.from(text).toString('base64')]);
  const live = { data: Object.fromEntries(encoded) as Record<string, string> };
  const secret = { name: 'registry-tls', namespace: 'registries', hasNamespace: true, live, hosts, ...more };
  return judgeCertificateSecret(secret, new Date('2026-11-30T00:00:00Z'));
}

const of = (certificate: ReturnType<typeof makeCertificate>) =>
  judged({ ...files, 'tls.crt': certificate.pem, 'tls.key': certificate.key });

test('a certificate for all members, and for clients too, is good; with a wildcard, of an intermediate, or for any usage', () => {
  expect(judged(files)).toEqual({ check: 'database TLS', state: 'ok', result: 'registries/registry-tls' });
  expect(of(makeCertificate({ ...wish, hosts: ['*.registries.svc.cluster.local'] })).state).toBe('ok');
  expect(of(makeCertificate({ name: 'registry', hosts, issuer: authority })).state).toBe('ok');
  const intermediate = makeCertificate({ name: 'intermediate', issuer: authority });
  const leaf = makeCertificate({ ...wish, issuer: intermediate });
  expect(judged({ ...files, 'tls.crt': leaf.pem + intermediate.pem, 'tls.key': leaf.key }).state).toBe('ok');
});

test.each([
  ['one member alone', { ...wish, hosts: hosts.slice(0, 1) }, `is not for ${hosts.slice(1).join(', ')}`],
  ['servers alone', { ...wish, usages: [SERVER] }, 'tls.crt is not for client auth, too'],
  ['a time that is over', { ...wish, until: '251130000000Z' }, 'tls.crt has ended on Nov 30'],
  ['another authority', { ...wish, issuer: makeCertificate({ name: 'authority' }) }, 'nothing in ca.crt has signed it'],
])('a certificate for %s is not', (_, other, fault) => {
  const { state, result } = of(makeCertificate(other));
  expect(state).toBe('problem');
  expect(result).toContain(fault.replace('signed it', 'signed tls.crt'));
});

test.each([
  ['another key', { ...files, 'tls.key': authority.key }, 'tls.key is not the key of tls.crt'],
  ['something else', { ...files, 'tls.crt': 'x' }, 'tls.crt is no certificate'],
  ['no authority', { 'tls.crt': good.pem, 'tls.key': good.key }, 'registries/registry-tls has no ca.crt'],
  ['an authority that is none', { ...files, 'ca.crt': 'x' }, 'ca.crt is no certificate'],
])('a Secret with %s is not', (_, data, fault) => {
  expect(judged(data)).toMatchObject({ state: 'problem', result: expect.stringContaining(fault) as string });
});

test('a Secret that is not there is in the way, unless its namespace comes with the stack', () => {
  expect(judged({}, { live: undefined }).state).toBe('problem');
  expect(judged({}, { live: undefined, hasNamespace: false }).state).toBe('warning');
});
