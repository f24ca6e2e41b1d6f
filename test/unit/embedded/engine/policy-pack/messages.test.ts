import { analyzeRequest, analyzeStackRequest } from '../../../../../embedded/engine/policy-pack/messages';
import type { ResourceState } from '../../../../../embedded/engine/state/resource-state';
import { Secret, unknown } from '../../../../../embedded/engine/values/value';
import { SIGNATURES, SIGNATURE_KEY, UNKNOWN_SENTINEL } from '../../../../../embedded/engine/values/wire';

const TYPE = 'kubernetes:core/v1:Secret';
const PROVIDER = 'urn:pulumi:s::p::pulumi:providers:kubernetes::k8s';

const resource: ResourceState = {
  urn: `urn:pulumi:s::p::a:b:Parent$${TYPE}::keys`,
  ...{ custom: true, type: TYPE, protect: true, parent: 'urn:pulumi:s::p::a:b:Parent::top' },
  inputs: { data: new Secret({ key: 'hunter2', __defaults: [] }), later: unknown, __internal: { version: 1 } },
  outputs: { data: new Secret({ key: 'hunter2' }), uid: 'u', __inputs: {} },
  dependencies: ['urn:other'],
  propertyDependencies: { data: ['urn:other'], later: [] },
  customTimeouts: { create: 60 },
  ignoreChanges: ['data'],
};

const provider: ResourceState = {
  ...{ urn: PROVIDER, custom: true, type: 'pulumi:providers:kubernetes', id: 'i', outputs: {} },
  inputs: { context: 'dev', __internal: {} },
};

test('a pack sees what the program wants of a resource: secrets and unknowns marked, and nothing of the engines', () => {
  const request = analyzeRequest({ resource, provider });
  expect([request.getType(), request.getName()]).toEqual([TYPE, 'keys']);
  expect(request.getProperties()?.toJavaScript()).toEqual({
    data: { [SIGNATURE_KEY]: SIGNATURES.secret, value: { key: 'hunter2' } },
    later: UNKNOWN_SENTINEL,
  });
  expect(request.getOptions()?.toObject()).toMatchObject({
    ...{ protect: true, parent: resource.parent, ignorechangesList: ['data'], customtimeouts: { create: 60 } },
  });
  const given = request.getProvider();
  expect([given?.getName(), given?.getProperties()?.toJavaScript()]).toEqual(['k8s', { context: 'dev' }]);
});

test('of a stack it sees what has become of the resources, and what they depend on', () => {
  const [first, second] = analyzeStackRequest([{ resource, provider }, { resource: provider }]).getResourcesList();
  expect(first?.getProperties()?.toJavaScript()).toEqual({
    data: { [SIGNATURE_KEY]: SIGNATURES.secret, value: { key: 'hunter2' } },
    uid: 'u',
  });
  expect(first?.getDependenciesList()).toEqual(['urn:other']);
  expect(first?.getPropertydependenciesMap().getEntryList()).toHaveLength(1);
  expect(second?.getProvider()).toBeUndefined();
});
