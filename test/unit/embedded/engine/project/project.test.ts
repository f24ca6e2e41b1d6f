import { mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadProject } from '../../../../../embedded/engine/project/project';

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'project-'));
});
const write = (text: string) => writeFile(join(directory, 'Pulumi.yaml'), text);

test('reads what the engine needs of a project', async () => {
  await write(`
name: net
description: kept by nobody
runtime:
  name: nodejs
  options: { typescript: false, nodeargs: --import tsx, tsconfig: infra/tsconfig.json }
main: infra/
stackConfigDir: stacks
plugins:
  providers:
    - { name: aios, path: ./policies/provider }
backend: { url: file://~ }
options: { refresh: always }
`);
  expect(await loadProject(directory)).toEqual({
    name: 'net',
    file: join(directory, 'Pulumi.yaml'),
    directory,
    runtime: {
      name: 'nodejs',
      options: { typescript: false, nodeargs: '--import tsx', tsconfig: 'infra/tsconfig.json' },
    },
    main: 'infra/',
    stackConfigDir: join(directory, 'stacks'),
    plugins: { providers: [{ name: 'aios', path: join(directory, 'policies/provider') }] },
    backendUrl: 'file://~',
    refreshAlways: true,
  });
});

test('a short one will do, found from a folder below it', async () => {
  await write('name: net\nruntime: nodejs\n');
  await mkdir(join(directory, 'a/b'), { recursive: true });
  const project = await loadProject(join(directory, 'a/b'));
  expect(project).toMatchObject({ name: 'net', directory, stackConfigDir: directory, plugins: { providers: [] } });
});

test.each([
  ['name: net\nruntime: [nodejs', /Pulumi.yaml:2:\d+: /],
  ['- name', /Pulumi.yaml:1:1: expected keys with values/],
  ['runtime: nodejs', /Pulumi.yaml:\n {2}name: expected the name of the project/],
  ['name: net\nruntime: python', /runtime.name: the embedded engine runs nodejs programs only/],
  ['name: net\nruntime: nodejs\npackages: { a: b }', /packages: packages are not supported.*npm/],
  ['name: net\nruntime: nodejs\nplugins: { analyzers: [] }', /plugins.analyzers: analyzer plugins are not supported/],
  [
    'name: net\nruntime: nodejs\nconfig: { size: 10Gi }',
    /config: declarations of configuration are not supported.*stacks' files/,
  ],
])('%j is refused', async (text, message) => {
  await write(text);
  await expect(loadProject(directory)).rejects.toThrow(message);
});

test('a folder without a project is refused', async () => {
  await expect(loadProject(directory)).rejects.toThrow(`No Pulumi.yaml in ${directory} or in a folder above it`);
});
