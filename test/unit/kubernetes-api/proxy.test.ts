import { proxyFor } from '../../../kubernetes-api/proxy';

const proxy = 'http://proxy.example:3128';
const chosen = (server: string, environment: Record<string, string>, proxyUrl = '') =>
  proxyFor(new URL(server), proxyUrl, environment)?.host;

test('the kubeconfig goes before the environment, and the scheme decides the variable', () => {
  const environment = { HTTPS_PROXY: proxy, http_proxy: 'plain.example:80' };
  expect(chosen('https://api.example', environment)).toBe('proxy.example:3128');
  expect(chosen('http://api.example', environment)).toBe('plain.example');
  expect(chosen('https://api.example', environment, 'socks5://other.example:1080')).toBe('other.example:1080');
  expect(chosen('https://api.example', {})).toBeUndefined();
});

test('this machine is never looked for behind a proxy of the environment', () => {
  for (const host of ['localhost', '127.0.0.1', '127.1.2.3', '[::1]']) {
    expect(chosen(`https://${host}:6443`, { HTTPS_PROXY: proxy })).toBeUndefined();
  }
});

test.each<[string, string, boolean]>([
  ['*', 'api.example', true],
  ['example', 'api.example', true],
  ['.example', 'api.example', true],
  ['.api.example', 'api.example', false],
  ['api.example:6443', 'api.example', true],
  ['api.example:443', 'api.example', false],
  ['pi.example', 'api.example', false],
  [' a.example , API.EXAMPLE', 'api.example', true],
  ['10.0.0.0/8', '10.1.2.3', true],
  ['10.0.0.0/8', '11.1.2.3', false],
  ['10.1.2.3', '10.1.2.3', true],
  ['fd00::/8', '[fd00::1]', true],
  ['10.0.0.0/99', '10.1.2.3', false],
])('NO_PROXY=%s and %s: excepted %s', (NO_PROXY, host, excepted) => {
  expect(chosen(`https://${host}:6443`, { HTTPS_PROXY: proxy, NO_PROXY }) === undefined).toBe(excepted);
});
