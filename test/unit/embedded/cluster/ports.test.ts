import { choosePort, requestedPort } from '../../../../embedded/cluster/ports';

test.each(['0', '65536', '1e3', '-1', 'http'])('the port %s is refused, naming the variable', (text) => {
  expect(() => requestedPort(undefined, { AIOS_CLUSTER_PORT: text })).toThrow(`AIOS_CLUSTER_PORT is "${text}"`);
});

test('a port that the caller names goes before the variable', () => {
  expect(requestedPort(2000, { AIOS_CLUSTER_PORT: '3000' })).toBe(2000);
  expect(requestedPort(undefined, { AIOS_CLUSTER_PORT: '3000' })).toBe(3000);
  expect(requestedPort(undefined, { AIOS_CLUSTER_PORT: '' })).toBeUndefined();
});

test('a free port stays the one of the last start', async () => {
  const port = await choosePort(undefined, undefined);
  expect(await choosePort(undefined, port)).toBe(port);
});
