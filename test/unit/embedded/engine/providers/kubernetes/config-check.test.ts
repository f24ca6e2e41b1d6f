import { checkConfig, diffConfig } from '../../../../../../embedded/engine/providers/kubernetes/config-check';
import { readSettings } from '../../../../../../embedded/engine/providers/kubernetes/settings';
import { type PropertyMap, Secret } from '../../../../../../embedded/engine/values/value';

const call = {
  urn: '',
  type: 'pulumi:providers:kubernetes',
  name: 'cluster',
  signal: new AbortController().signal,
  status: () => undefined,
  warn: () => undefined,
};

const check = (newInputs: PropertyMap) => checkConfig({ ...call, oldInputs: {}, newInputs }).failures;

const diff = (oldInputs: PropertyMap, newInputs: PropertyMap) =>
  diffConfig({ ...call, id: '1', oldInputs, oldOutputs: oldInputs, newInputs });

const kubeconfig = (server: string, token = 'a') =>
  JSON.stringify({
    'current-context': 'one',
    contexts: ['one', 'two'].map((name) => ({ name, context: { cluster: name, user: 'me' } })),
    clusters: ['one', 'two'].map((name) => ({ name, cluster: { server: `https://${server}/${name}` } })),
    users: [{ name: 'me', user: { token } }],
  });

test('settings come as the SDK sends them: JSON in texts', () => {
  const settings = readSettings({
    kubeconfig: new Secret('~/.kube/config'),
    context: 'prod',
    enableSecretMutable: 'true',
    enableConfigMapMutable: 'false',
    enableServerSideApply: 'true',
  });
  expect(settings).toMatchObject({
    kubeconfig: '~/.kube/config',
    context: 'prod',
    enableSecretMutable: true,
    enableConfigMapMutable: false,
  });
});

test.each<[string, PropertyMap]>([
  ['renderYamlToDirectory', { renderYamlToDirectory: 'out' }],
  ['enableServerSideApply', { enableServerSideApply: 'false' }],
  ['deleteUnreachable', { deleteUnreachable: 'true' }],
  ['helmReleaseSettings', { helmReleaseSettings: '{}' }],
  ['kubeClientSettings', { kubeClientSettings: '{"qps":5}' }],
  ['strictMode', { strictMode: 'true' }],
  ['enableSecretMutable', { enableSecretMutable: 'yes' }],
])('what is not supported is refused by name: %s', (key, inputs) => {
  expect(check(inputs)).toEqual([{ property: key, reason: expect.stringContaining(key) as string }]);
});

test('another cluster replaces, other credentials or settings do not', async () => {
  const old = { kubeconfig: kubeconfig('a') };
  expect(await diff(old, old)).toMatchObject({ changes: false });
  expect(await diff(old, { kubeconfig: kubeconfig('a', 'b') })).toMatchObject({ changes: true, replaces: [] });
  expect(await diff(old, { ...old, enableSecretMutable: 'true' })).toMatchObject({ changes: true, replaces: [] });
  expect(await diff(old, { kubeconfig: kubeconfig('b') })).toMatchObject({ replaces: ['kubeconfig'] });
  expect(await diff(old, { ...old, context: 'two' })).toMatchObject({ replaces: ['context'] });
});

test('the cluster’s identifier decides where there is one', async () => {
  const old = { kubeconfig: kubeconfig('a'), clusterIdentifier: 'prod' };
  expect(await diff(old, { ...old, kubeconfig: kubeconfig('b') })).toMatchObject({ changes: true, replaces: [] });
  expect(await diff(old, { ...old, clusterIdentifier: 'other' })).toMatchObject({ replaces: ['clusterIdentifier'] });
  expect(await diff({ kubeconfig: kubeconfig('a') }, old)).toMatchObject({ changes: true, replaces: [] });
});
