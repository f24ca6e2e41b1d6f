import * as pulumi from '@pulumi/pulumi';
import { deserializeProperties, serializeProperties } from '@pulumi/pulumi/runtime/rpc';
import { Struct } from 'google-protobuf/google/protobuf/struct_pb';
import { type PropertyMap, Secret, unknown } from '../../../../../embedded/engine/values/value';
import { decode, encode, SIGNATURE_KEY, SIGNATURES } from '../../../../../embedded/engine/values/wire';

const everyKind: PropertyMap = {
  nothing: null,
  yes: true,
  no: false,
  zero: 0,
  pi: 3.14,
  empty: '',
  text: 'naïve ✓',
  list: [1, 'two', [null], {}],
  none: [],
  map: { nested: { deep: 'x' }, bare: {} },
  unknown,
  secret: new Secret({ user: 'u', list: [1, unknown] }),
  unknownSecret: new Secret(unknown),
  reference: { [SIGNATURE_KEY]: SIGNATURES.resourceReference, urn: 'urn:pulumi:x', id: 'i' },
  asset: { [SIGNATURE_KEY]: SIGNATURES.asset, text: 'hello' },
};

/** As after a journey: the receiver parses bytes, it doesn't get the sender's message. */
const sent = (struct: Struct) => Struct.deserializeBinary(struct.serializeBinary());

test('every kind of value survives the journey', () => {
  expect(decode(sent(encode(everyKind, { keepSecrets: true })))).toEqual(everyKind);
});

test('a message that has not been sent can be read like one that has', () => {
  expect(decode(encode(everyKind, { keepSecrets: true }))).toEqual(everyKind);
});

test('the bytes are those of the message built by its own setters', () => {
  const plain = { a: [1, null, { b: 'c', d: false }], e: {} };
  expect(encode(plain, { keepSecrets: true }).serializeBinary()).toEqual(
    Struct.fromJavaScript(plain).serializeBinary(),
  );
});

test('who does not accept secrets or references gets what they stand for', () => {
  const component = { [SIGNATURE_KEY]: SIGNATURES.resourceReference, urn: 'urn:c' };
  const pending = { [SIGNATURE_KEY]: SIGNATURES.resourceReference, urn: 'urn:p', id: '' };
  const struct = encode({ ...everyKind, component, pending }, { keepSecrets: false, keepResources: false });
  expect(decode(struct)).toMatchObject({
    secret: { user: 'u', list: [1, unknown] },
    unknownSecret: unknown,
    reference: 'i',
    component: 'urn:c',
    pending: unknown,
  });
});

test('unknowns of every type are unknown', () => {
  const struct = Struct.fromJavaScript({
    a: '1c4a061d-8072-4f0a-a4cb-0ff528b18fe7',
    b: ['6a19a0b0-7e62-4c92-b797-7f8e31da9cc2'],
  });
  expect(decode(struct)).toEqual({ a: unknown, b: [unknown] });
});

test('output values of the SDK become secrets, unknowns and plain values', () => {
  const output = (rest: object) => ({ [SIGNATURE_KEY]: SIGNATURES.outputValue, ...rest });
  const struct = Struct.fromJavaScript({
    known: output({ value: 1, dependencies: ['urn:x'] }),
    none: output({ value: null }),
    unknown: output({}),
    secret: output({ value: 's', secret: true }),
    unknownSecret: output({ secret: true }),
    nested: [output({ value: output({ value: 's', secret: true }), secret: true })],
  });
  expect(decode(struct)).toEqual({
    known: 1,
    none: null,
    unknown,
    secret: new Secret('s'),
    unknownSecret: new Secret(unknown),
    nested: [new Secret('s')],
  });
});

describe("the SDK's own serializer", () => {
  test.each([false, true])('is understood (output values: %s)', async (keepOutputValues) => {
    // What the SDK learns from the monitor's supportsFeature; not in its public types.
    const sdkState = jest.requireActual<{ getStore(): object }>('@pulumi/pulumi/runtime/state');
    Object.assign(sdkState.getStore(), { supportsSecrets: true, supportsOutputValues: true });
    const props = { plain: pulumi.output([1, 'a']), missing: undefined, hidden: { deep: pulumi.secret('s') } };
    const serialized = await serializeProperties('test', props, { keepOutputValues });
    const struct = Struct.fromJavaScript(serialized);
    expect(decode(struct)).toEqual({ plain: [1, 'a'], hidden: { deep: new Secret('s') } });
  });

  test('understands', () => {
    const struct = sent(encode({ a: { b: [1] }, s: new Secret(['x']), u: unknown }, { keepSecrets: true }));
    const props = deserializeProperties(struct, true) as { u: unknown };
    expect(props).toMatchObject({ a: { b: [1] }, s: { [SIGNATURE_KEY]: SIGNATURES.secret, value: ['x'] } });
    expect(pulumi.isUnknown(props.u)).toBe(true);
  });
});
