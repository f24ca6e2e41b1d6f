import { resolveResources } from '../../../../infra/config/resolve/resources';

test('what the stack does not name keeps its default', () => {
  expect(resolveResources({ requests: { cpu: '1' } })).toEqual({
    requests: { cpu: '1', memory: '128Mi' },
    limits: { memory: '1Gi' },
  });
});

test('a default gives way to a named amount, as no request may exceed its limit', () => {
  expect(resolveResources({ requests: { memory: '2Gi' } }).limits).toEqual({ memory: '2Gi' });
  expect(resolveResources({ limits: { memory: '64Mi', cpu: '10m' } }).requests).toEqual({
    memory: '64Mi',
    cpu: '10m',
  });
});
