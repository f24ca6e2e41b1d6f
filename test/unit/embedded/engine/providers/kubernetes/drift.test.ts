import { currentInputs } from '../../../../../../embedded/engine/providers/kubernetes/drift';
import { type PropertyMap, Secret } from '../../../../../../embedded/engine/values/value';

const container = (rest: PropertyMap): PropertyMap => ({ name: 'main', image: 'a:1', ...rest });
const pod = (containers: PropertyMap[]): PropertyMap => ({ spec: { containers } });

test('what the API server and controllers add is left out', () => {
  const inputs = pod([container({ resources: { requests: { cpu: '0.5' } } })]);
  const live = {
    status: { phase: 'Running' },
    spec: {
      dnsPolicy: 'ClusterFirst',
      containers: [
        { name: 'injected', image: 'proxy:1' },
        container({ imagePullPolicy: 'Always', resources: { requests: { cpu: '500m' } } }),
      ],
    },
  };
  expect(currentInputs(live, inputs, live)).toEqual(inputs);
});

test('what was set and is different now shows', () => {
  const inputs = pod([container({ tty: true })]);
  expect(currentInputs(pod([container({ image: 'a:2', tty: true })]), inputs, inputs)).toEqual(
    pod([container({ image: 'a:2', tty: true })]),
  );
  expect(currentInputs(pod([]), inputs, inputs)).toEqual(pod([]));
});

test('an element added by hand to a list that is wholly ours shows', () => {
  const inputs = { subjects: [{ kind: 'User', name: 'a' }] };
  const live = {
    subjects: [
      { kind: 'User', name: 'a' },
      { kind: 'User', name: 'mallory' },
    ],
  };
  expect(currentInputs(live, inputs, inputs)).toEqual(live);
});

test('an empty value that the API server never kept is no drift; one that it kept and has lost is', () => {
  const inputs = { automountServiceAccountToken: false, spec: { podSelector: {} } };
  const kept = { automountServiceAccountToken: false, spec: { podSelector: {} } };
  expect(currentInputs({ spec: {} }, inputs, { spec: {} })).toEqual(inputs);
  expect(currentInputs({ spec: {} }, inputs, kept)).toEqual({ spec: {} });
});

test('an empty text leaves the choice to the API server, an explicit false does not', () => {
  const inputs = { spec: { clusterIP: '', hostNetwork: false } };
  const live = { spec: { clusterIP: '10.0.0.1', hostNetwork: true } };
  expect(currentInputs(live, inputs, {})).toEqual({ spec: { clusterIP: '', hostNetwork: true } });
});

test('secrets stay secret, and the same object while they do not change', () => {
  const data = new Secret({ password: 'YQ==' }, 'ciphertext');
  expect(currentInputs({ data: { password: 'YQ==', added: 'Yg==' } }, { data }, {}).data).toBe(data);
  expect(currentInputs({ data: { password: 'Yg==' } }, { data }, {}).data).toEqual(new Secret({ password: 'Yg==' }));
});
