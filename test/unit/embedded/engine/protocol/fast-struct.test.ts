import { ListValue, Struct, Value } from 'google-protobuf/google/protobuf/struct_pb';
import { CheckRequest } from '@pulumi/pulumi/proto/provider_pb';
import { accelerateStruct } from '../../../../../embedded/engine/protocol/fast-struct';

type Content = Parameters<typeof Struct.fromJavaScript>[0];

const contents: Record<string, Content> = {
  empty: {},
  scalars: { nothing: null, yes: true, no: false, zero: 0, minus: -1.5, huge: 2 ** 60, none: '', text: 'naïve ✓ 🧊' },
  nested: { map: { deep: { deeper: {} } }, list: [1, 'two', [null, []], {}, { in: ['a'] }] },
  'keys of every kind': { '': 1, b: 2, a: 3, 'a.b': 4, ä: 5, '10': 6, '9': 7, constructor: 8 },
  'more than a length byte holds': { long: 'x'.repeat(70_000), many: Array.from({ length: 500 }, (_, i) => i) },
};

/** What google-protobuf itself makes of each. */
const originals = Object.entries(contents).map(([name, content]) => ({
  name,
  content,
  bytes: Struct.fromJavaScript(content).serializeBinary(),
}));

accelerateStruct(require);

test.each(originals)('writes the bytes that google-protobuf writes, and reads them: $name', ({ content, bytes }) => {
  expect(Buffer.from(Struct.fromJavaScript(content).serializeBinary())).toEqual(Buffer.from(bytes));
  expect(Struct.deserializeBinary(bytes).toJavaScript()).toEqual(content);
});

test('a Struct inside other messages keeps to its own part of them', () => {
  const sent = new CheckRequest()
    .setUrn('urn')
    .setOlds(Struct.fromJavaScript({ old: ['a'] }))
    .setNews(Struct.fromJavaScript({ now: { b: 1 } }))
    .setName('name');
  const received = CheckRequest.deserializeBinary(sent.serializeBinary());
  expect(received.getUrn()).toBe('urn');
  expect(received.getOlds()?.toJavaScript()).toEqual({ old: ['a'] });
  expect(received.getNews()?.toJavaScript()).toEqual({ now: { b: 1 } });
  expect(received.getName()).toBe('name');
});

test('keys come in order, whatever the order that others send them in', () => {
  const parts = [{ b: 1 }, { a: 2 }].map((part) => Buffer.from(Struct.fromJavaScript(part).serializeBinary()));
  const received = Struct.deserializeBinary(Buffer.concat(parts));
  expect(Object.keys(received.toJavaScript())).toEqual(['a', 'b']);
});

test('of a key that comes twice, the last value counts', () => {
  const parts = [1, 2].map((x) => Buffer.from(Struct.fromJavaScript({ x }).serializeBinary()));
  expect(Struct.deserializeBinary(Buffer.concat(parts)).toJavaScript()).toEqual({ x: 2 });
});

test('who wants the messages gets them, and what is changed in them is sent', () => {
  const struct = Struct.deserializeBinary(Struct.fromJavaScript({ a: 'x', b: { c: [1] } }).serializeBinary());
  expect(struct.getFieldsMap().get('b')?.getStructValue()?.toJavaScript()).toEqual({ c: [1] });
  struct.getFieldsMap().set('a', new Value().setStringValue('y'));
  expect(struct.toJavaScript()).toEqual({ a: 'y', b: { c: [1] } });
  expect(Struct.deserializeBinary(struct.serializeBinary()).toJavaScript()).toEqual({ a: 'y', b: { c: [1] } });
});

test('values and lists that hold a Struct, made of messages, are sent with it', () => {
  const list = ListValue.fromJavaScript([{ a: [{ b: 1 }] }]);
  expect(ListValue.deserializeBinary(list.serializeBinary()).toJavaScript()).toEqual([{ a: [{ b: 1 }] }]);
});

test('what was read can be changed without changing the message', () => {
  const struct = Struct.fromJavaScript({ list: [1] });
  (struct.toJavaScript().list as number[]).push(2);
  expect(struct.toJavaScript()).toEqual({ list: [1] });
});

test('what no Struct can hold is refused', () => {
  expect(() => Struct.fromJavaScript({ f: undefined as never })).toThrow('Unexpected struct type');
});

test('fields of a later protocol are passed over', () => {
  const later = Buffer.from([0x12, 0x01, 0x00]);
  const received = Struct.deserializeBinary(Buffer.concat([later, Struct.fromJavaScript({ a: 1 }).serializeBinary()]));
  expect(received.toJavaScript()).toEqual({ a: 1 });
});
