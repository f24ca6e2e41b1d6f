import { changeLines } from '../../../../../embedded/engine/display/change-lines';
import { SecretMask } from '../../../../../embedded/engine/display/mask';
import { changedKeys, changesBetween } from '../../../../../embedded/engine/display/property-changes';
import type { DiffKind } from '../../../../../embedded/engine/providers/provider';
import { type PropertyMap, Secret, unknown } from '../../../../../embedded/engine/values/value';

const view = (inputs: PropertyMap) => ({ inputs, outputs: {} });

function shown(old: PropertyMap, next: PropertyMap, detailed?: Record<string, DiffKind>): string {
  const mask = new SecretMask();
  mask.learn([old, next]);
  const changes = changesBetween(view(old), view(next), detailed);
  return changes.flatMap((change) => changeLines(change, mask).map(({ text }) => text)).join('\n');
}

test('values on a line, blocks as YAML', () => {
  const old = { replicas: 3, name: 'a', gone: true, list: [1, 2], same: {} };
  const next = { replicas: 5, name: unknown, list: [1], labels: { 'a/b': 'c', nested: [{ x: null }] }, same: {} };
  expect(shown(old, next)).toMatchInlineSnapshot(`
   "~ replicas: 3 => 5
   ~ name: "a" => [unknown]
   - gone: true
   - list[1]: 2
   + labels:
       a/b: c
       nested:
         - x: null"
  `);
});

test('no part of a secret is shown, be it marked, around the path or inside a text', () => {
  const old = { key: new Secret({ user: 'first-user', pass: 'first-pass' }), block: { a: 1 }, url: 'x://first-pass@h' };
  const next = {
    key: new Secret({ user: 'second-user', pass: 'second-pass' }),
    block: { a: 1, b: new Secret('third-pass') },
    url: `${'long/'.repeat(10)}first-pass@${'host/'.repeat(20)}`,
  };
  const text = shown(old, next, { 'key.user': 'update', 'key.pass': 'update', 'block.b': 'add', url: 'update' });
  expect(text).toMatchInlineSnapshot(`
   "~ key: [secret] => [secret]
   + block.b: [secret]
   ~ url: "x://[secret]@h" => "long/long/long/long/long/long/long/long/long/long/[secret]@…ost/host/host/host/" (161 characters)"
  `);
});

test('a block that a provider reports as changed is shown by what differs in it', () => {
  const [old, next] = [{ spec: { a: 1, b: { c: 2 } } }, { spec: { a: 1, b: { c: 3 }, d: 4 } }];
  expect(shown(old, next, { spec: 'update-replace' })).toMatchInlineSnapshot(`
   "~ spec.b.c: 2 => 3 (forces replacement)
   + spec.d: 4 (forces replacement)"
  `);
});

test('texts are compared inside: lines of long ones, paths of JSON', () => {
  const script = (line: string) => ['#!/bin/sh', 'set -e', line, 'exit 0', ''].join('\n');
  const old = { script: script('run --slow'), map: '{"add_node":"a:v1","remove_node":"r"}' };
  const next = { script: script('run --fast\nrun --twice'), map: '{"add_node":"a:v2","remove_node":"r","x":{}}' };
  expect(shown(old, next)).toMatchInlineSnapshot(`
   "~ script:
       - run --slow
       + run --fast
       + run --twice
   ~ map: (JSON)
       ~ add_node: "a:v1" => "a:v2"
       + x: {}"
  `);
});

test('long values are abbreviated', () => {
  const next = { text: 'y'.repeat(500), block: Object.fromEntries(Array.from({ length: 70 }, (_, i) => [`k${i}`, i])) };
  const lines = shown({ text: 'x'.repeat(500) }, next).split('\n');
  expect(lines[0]?.length).toBeLessThan(260);
  expect(lines[0]).toContain('(502 characters)');
  expect(lines).toHaveLength(63);
  expect(lines.at(-1)).toContain('… 10 more lines');
});

test('the keys of a change are its top-level properties by what happens to them', () => {
  const changes = changesBetween(view({ a: 1, b: { c: 1 }, d: 1 }), view({ b: { c: 2, e: 1 }, d: 2, f: 1, g: {} }));
  expect(changedKeys(changes)).toBe('+f,g-a~b,d');
});
