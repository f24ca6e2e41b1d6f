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
  asset: { [SIGNATURE_KEY]: 'c44067f5952c0a294b673a41bacd8c17', text: 'hello' },
};

/** As after a journey: the receiver parses bytes, it doesn't get the sender's message. */
const sent = (struct: Struct) => Struct.deserializeBinary(struct.serializeBinary());

test('every kind of value survives the journey', () => {
  expect(decode(sent(encode(everyKind)))).toEqual(everyKind);
});

test('a message that has not been sent can be read like one that has', () => {
  expect(decode(encode(everyKind))).toEqual(everyKind);
});

test('the bytes are those of the message built by its own setters', () => {
  const plain = { a: [1, null, { b: 'c', d: false }], e: {} };
  expect(encode(plain).serializeBinary()).toEqual(Struct.fromJavaScript(plain).serializeBinary());
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
    const struct = sent(encode({ a: { b: [1] }, s: new Secret(['x']), u: unknown }));
    const props = deserializeProperties(struct, true) as { u: unknown };
    expect(props).toMatchObject({ a: { b: [1] }, s: { [SIGNATURE_KEY]: SIGNATURES.secret, value: ['x'] } });
    expect(pulumi.isUnknown(props.u)).toBe(true);
  });
});
