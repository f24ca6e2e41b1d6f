import { applicationOf } from '../../../../../../embedded/engine/providers/kubernetes/apply';

const inputs = (annotations: Record<string, string>) => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name: 'one', namespace: 'default', annotations },
});

describe('the field manager of an apply', () => {
  const manager = (annotations: Record<string, string>, state = {}) =>
    applicationOf(inputs(annotations), state).options.fieldManager;

  test('is made for the object, and stays', () => {
    expect(manager({})).toMatch(/^pulumi-kubernetes-[0-9a-f]{8}$/);
    expect(manager({})).not.toBe(manager({}));
    expect(manager({}, { __fieldManager: 'pulumi-kubernetes-1a2b3c4d' })).toBe('pulumi-kubernetes-1a2b3c4d');
  });

  test('is the one that the object names, as the official provider has it', () => {
    const named = { 'pulumi.com/patchFieldManager': 'mine' };
    expect(manager(named, { __fieldManager: 'pulumi-kubernetes-1a2b3c4d' })).toBe('mine');
  });
});
