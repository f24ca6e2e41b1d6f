import { Struct } from 'google-protobuf/google/protobuf/struct_pb';
import { difference } from '../../../../../policies/provider/wire/difference';
import { decode, encode } from '../../../../../policies/provider/wire/struct';
import { Secret, unknown } from '../../../../../policies/provider/wire/value';

test('secrets and unknowns travel as the protocol marks them', () => {
  const signature = '4dabf18193072939515e22adb298388d';
  const secret = '1b47061264138c4ac30d75fd1eb44270';
  const sentinel = '04da6b54-80e4-46f7-96ec-b56ff0331ba9';
  const wire = {
    plain: [1, null, true, 'x', {}],
    token: { [signature]: secret, value: 'hunter2' },
    later: sentinel,
    both: { nested: { [signature]: secret, value: sentinel } },
  };
  const properties = {
    plain: [1, null, true, 'x', {}],
    token: new Secret('hunter2'),
    later: unknown,
    both: { nested: new Secret(unknown) },
  };
  expect(decode(Struct.fromJavaScript(wire))).toEqual(properties);
  expect(encode(properties).toJavaScript()).toEqual(wire);
  expect(decode(undefined)).toEqual({});
});

test('changes are given at their full paths', () => {
  const olds = {
    bindings: { add_node: { policy: 'a', parameters: { max: 1 } }, remove_node: { policy: 'r' } },
    tags: ['x', 'y'],
    metadata: { 'a.b': 1 },
    same: new Secret('s'),
    token: new Secret('old'),
  };
  const news = {
    bindings: { add_node: { policy: 'b', parameters: { max: 1 } }, add_block: null },
    tags: ['x', 'z', 'w'],
    metadata: { 'a.b': 2 },
    same: new Secret('s'),
    token: new Secret('new'),
    later: unknown,
  };
  expect(Object.fromEntries(difference(olds, news))).toEqual({
    'bindings.add_node.policy': 'update',
    'bindings.remove_node': 'delete',
    'bindings.add_block': 'add',
    'tags[1]': 'update',
    'tags[2]': 'add',
    'metadata["a.b"]': 'update',
    token: 'update',
    later: 'add',
  });
});
