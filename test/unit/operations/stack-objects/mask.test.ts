import { acceptableSecret, masked } from '../../../../operations/stack-objects/mask';
import { SECRET_KEY } from '../../../pulumi-mocks';

const secret = (value: string | Record<string, string>) => ({
  [SECRET_KEY]: '1b47061264138c4ac30d75fd1eb44270',
  value,
});

test('a secret is masked wherever it stands, of one that is a map the keys stay', () => {
  expect(
    masked({ plain: 'text', list: [{ inner: secret('hidden') }], data: secret({ a: 'hidden', b: 'hidden' }) }),
  ).toEqual({
    plain: 'text',
    list: [{ inner: '[secret]' }],
    data: { a: '[secret]', b: '[secret]' },
  });
});

test('a masked Secret is one that an API server takes', () => {
  const data = (type: string) => acceptableSecret({ kind: 'Secret', type, data: { key: '[secret]' } }).data;
  const decoded = (value: unknown) => Buffer.from((value as { key: string }).key, 'base64').toString();
  expect(decoded(data('Opaque'))).toBe('[secret]');
  expect(decoded(data('kubernetes.io/dockerconfigjson'))).toBe('{"auths":{}}');
});
