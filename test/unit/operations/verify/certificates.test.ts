import type { StackObject } from '../../../../operations/stack-objects/objects';
import { judgeCertificate, tlsSecretsOf } from '../../../../operations/verify/checks/certificates';

/** Of nobody, good until the 27th of November 2036. */
const CERTIFICATE = [
  '-----BEGIN CERTIFICATE-----',
  'MIIBjDCCATGgAwIBAgIUDHwZzNrn/aPo5LS+2KmW2EHg+cAwCgYIKoZIzj0EAwIw',
  'GzEZMBcGA1UEAwwQYWlvcy5leGFtcGxlLm9yZzAeFw0yNjExMzAwMTI2MjBaFw0z',
  'NjExMjcwMTI2MjBaMBsxGTAXBgNVBAMMEGFpb3MuZXhhbXBsZS5vcmcwWTATBgcq',
  'hkjOPQIBBggqhkjOPQMBBwNCAARl21u7nTE7Wt7upoLwpVPjVUzQJnZIYyJ9mWFN',
  '8smlVaNtyIirXb2IO4FbHaCvzLXTNc3INGM3ca5st+mVhaDBo1MwUTAdBgNVHQ4E',
  'FgQUVlDwMHq11CATY5sOk3+SxsyfPXQwHwYDVR0jBBgwFoAUVlDwMHq11CATY5sO',
  'k3+SxsyfPXQwDwYDVR0TAQH/BAUwAwEB/zAKBggqhkjOPQQDAgNJADBGAiEArf/c',
  '8ar45jbQ7P7y/jdEK0/nhqmWf8m8jlJDRcpZA5oCIQD3rZ26LVDD4txYHlYfLa/6',
  '4vz8qy0vDkjV38DDvcJAeg==',
  '-----END CERTIFICATE-----',
].join('\n');

const secret = (text: string) => ({ data: { 'tls.crt': Buffer.from(text).toString('base64') } });
const judged = (now: string, text = CERTIFICATE) => judgeCertificate('services/tls', secret(text), new Date(now));

test.each([
  ['good', '2036-10-28T00:00:00Z', 'ends 2036-11-27 (in 30 days)'],
  ['bad', '2036-11-17T00:00:00Z', 'ends 2036-11-27 (in 10 days): it was not renewed'],
  ['bad', '2036-11-28T00:00:00Z', 'ends 2036-11-27 (over): it was not renewed'],
])('%s at %s', (state, now, text) => {
  expect(judged(now)).toEqual({ subject: 'services/tls', state, text });
});

test('no certificate, and no Secret', () => {
  expect(judged('2036-01-01T00:00:00Z', 'x')).toMatchObject({ state: 'bad', text: 'tls.crt is no certificate' });
  expect(judgeCertificate('services/tls', undefined, new Date())).toMatchObject({
    state: 'bad',
    text: 'the Secret is not there',
  });
});

test('are named by what others are served through', () => {
  const object = (kind: string, spec: StackObject['content']) => ({ kind, content: { spec } });
  expect(tlsSecretsOf(object('Ingress', { tls: [{ secretName: 'a' }, { secretName: 'b' }] }))).toEqual(['a', 'b']);
  const listeners = [{ tls: { certificateRefs: [{ name: 'c' }] } }, {}];
  expect(tlsSecretsOf(object('Gateway', { listeners }))).toEqual(['c']);
  const volumes = [
    { name: 'tls', secret: { secretName: 'd' } },
    { name: 'keyfile-secret', secret: { secretName: 'e' } },
  ];
  expect(tlsSecretsOf(object('StatefulSet', { template: { spec: { volumes } } }))).toEqual(['d']);
  expect(tlsSecretsOf(object('Service', { tls: [{ secretName: 'a' }] }))).toEqual([]);
});
