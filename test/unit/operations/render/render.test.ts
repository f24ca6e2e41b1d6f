import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { filesOf } from '../../../../operations/render/files';
import { writeFolder } from '../../../../operations/render/folder';
import type { StackObject } from '../../../../operations/stack-objects/objects';

const object = (kind: string, name: string, namespace?: string): StackObject => ({
  apiVersion: 'v1',
  kind,
  name,
  ...(namespace !== undefined && { namespace }),
  content: { kind, spec: { label: 'yes' }, metadata: { name }, apiVersion: 'v1' },
});

test('writes one file an object, namespaces before what is in them, as kubectl reads it', () => {
  const files = filesOf([object('Secret', 'key', 'utils'), object('Namespace', 'utils')], { withSecrets: true });
  expect([...files.keys()].sort()).toEqual(['0-cluster/namespace-utils.yaml', 'utils/secret-key.yaml']);
  expect(files.get('0-cluster/namespace-utils.yaml')).toBe(
    'apiVersion: v1\nkind: Namespace\nmetadata:\n  name: utils\nspec:\n  label: "yes"\n',
  );
});

test('leaves Secrets out where that is asked', () => {
  const files = filesOf([object('Secret', 'key', 'utils'), object('Service', 'key', 'utils')], { withSecrets: false });
  expect([...files.keys()]).toEqual(['utils/service-key.yaml']);
});

describe('a folder', () => {
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(path.join(tmpdir(), 'aios-render-'))));
  afterEach(() => rmSync(folder, { recursive: true }));

  const at = (file: string) => path.join(folder, file);
  const files = (...names: string[]) => new Map(names.map((name) => [name, `text of ${name}\n`]));

  test('loses what was rendered before and is no more, and nothing else', () => {
    writeFolder(folder, files('a/one.yaml', 'b/two.yaml'));
    writeFileSync(at('a/mine.yaml'), 'mine');
    expect(writeFolder(folder, files('a/three.yaml'))).toEqual({ written: 1, removed: ['a/one.yaml', 'b/two.yaml'] });
    expect(readdirSync(folder).sort()).toEqual(['.rendered', 'a']);
    expect(readdirSync(at('a')).sort()).toEqual(['mine.yaml', 'three.yaml']);
  });

  test('with a file of somebody else in the way is left as it is', () => {
    writeFolder(folder, files('a/one.yaml'));
    writeFileSync(at('a/two.yaml'), 'mine');
    expect(() => writeFolder(folder, files('a/two.yaml'))).toThrow(/a\/two\.yaml is there and was not rendered/);
    expect(readFileSync(at('a/two.yaml'), 'utf8')).toBe('mine');
    expect(existsSync(at('a/one.yaml'))).toBe(true);
  });

  test('whose list names files outside of it loses none of them', () => {
    mkdirSync(at('inner'));
    writeFileSync(at('precious.yaml'), 'mine');
    writeFileSync(at('inner/.rendered'), '../precious.yaml\n');
    writeFolder(at('inner'), files('a/one.yaml'));
    expect(existsSync(at('precious.yaml'))).toBe(true);
  });
});
