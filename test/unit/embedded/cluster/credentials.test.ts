import { generateKeyPairSync } from 'node:crypto';
import { parse } from 'yaml';
import { isUsable } from '../../../../embedded/cluster/certificates';
import { formatTokens, parseTokens, USERS, type Tokens } from '../../../../embedded/cluster/credentials';
import { kubeconfig } from '../../../../embedded/cluster/kubeconfig';

const tokens = Object.fromEntries(USERS.map((user) => [user, `token-of-${user}`])) as Tokens;

test('tokens are read back as they were written, and only complete', () => {
  const content = formatTokens(tokens);
  expect(parseTokens(content)).toEqual(tokens);
  expect(parseTokens(content.slice(0, content.indexOf('\n') + 1))).toBeUndefined();
});

test('a kubeconfig trusts the given authority and nothing else', () => {
  const text = kubeconfig({ server: 'https://127.0.0.1:1', certificateAuthority: 'PEM', user: 'me', token: 'secret' });
  expect(parse(text)).toEqual({
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': 'aios-embedded',
    clusters: [
      {
        name: 'aios-embedded',
        cluster: {
          server: 'https://127.0.0.1:1',
          'certificate-authority-data': Buffer.from('PEM').toString('base64'),
        },
      },
    ],
    users: [{ name: 'me', user: { token: 'secret' } }],
    contexts: [{ name: 'aios-embedded', context: { cluster: 'aios-embedded', user: 'me' } }],
  });
});

test('a certificate that is half written is none', () => {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const key = privateKey.export({ type: 'sec1', format: 'pem' }).toString();
  expect(isUsable('-----BEGIN CERTIFICATE-----\nMIIDHzCCAgegAw', key, Date.now())).toBe(false);
});
