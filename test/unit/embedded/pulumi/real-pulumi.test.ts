import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { realPulumi } from '../../../../embedded/pulumi';
import { readRecipe } from '../../../../embedded/pulumi/recipe';
import { programsIn } from '../../../../embedded/shared/go/recipe';

const ROOM = path.resolve(__dirname, '../../../../embedded/pulumi');

let folder: string;
let environment: NodeJS.ProcessEnv;

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'aios-pulumi-'));
  environment = { PATH: path.join(folder, 'bin'), XDG_CACHE_HOME: folder, PULUMI_HOME: path.join(folder, 'home') };
});
afterEach(() => rmSync(folder, { recursive: true }));

function put(file: string, content = ''): void {
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, content, { mode: 0o755 });
}

const putOnPath = (version: string) => put(path.join(folder, 'bin/pulumi'), `#!/bin/sh\necho ${version}\n`);

/** As `make pulumi` leaves it. @returns the folder */
function putBuilt(): string {
  const { directory, ...recipe } = withCache(readRecipe);
  for (const program of programsIn(recipe)) put(path.join(directory, program));
  return directory;
}

function withCache<T>(work: () => T): T {
  const { XDG_CACHE_HOME } = process.env;
  process.env.XDG_CACHE_HOME = folder;
  try {
    return work();
  } finally {
    if (XDG_CACHE_HOME === undefined) delete process.env.XDG_CACHE_HOME;
    else process.env.XDG_CACHE_HOME = XDG_CACHE_HOME;
  }
}

const find = () => withCache(() => realPulumi(environment));

test('where no CLI is on the PATH and none is built there is none', () => {
  expect(find()).toBeUndefined();
});

test('the CLI on the PATH comes first, with the environment as it is', () => {
  putBuilt();
  putOnPath('v3.248.0');
  const env = { ...environment, GOGC: '400' };
  expect(find()).toEqual({ bin: 'pulumi', version: '3.248.0', isBuilt: false, env });
});

test("how often the CLI collects garbage is the user's to say", () => {
  putOnPath('v3.248.0');
  environment.GOGC = '50';
  expect(find()?.env.GOGC).toBe('50');
});

test.each(['v3.247.9', 'v2.300.0', 'dev'])('a CLI of version %s gives way to the built one', (version) => {
  const directory = putBuilt();
  putOnPath(version);
  expect(find()).toMatchObject({ bin: path.join(directory, 'pulumi'), version: '3.260.0', isBuilt: true });
});

test('what is on the PATH wins over what comes with the built CLI, which downloads nothing', () => {
  const directory = putBuilt();
  const env = find()?.env;
  expect(env?.PATH?.split(path.delimiter)).toEqual([
    path.join(folder, 'bin'),
    directory,
    path.join(directory, 'kubernetes'),
    path.join(ROOM, 'random'),
  ]);
  expect(env).toMatchObject({ PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: 'true' });
});

test.each(['kubernetes', 'random'])(
  'an official %s provider in PULUMI_HOME wins over what comes with the built CLI',
  (name) => {
    putBuilt();
    put(path.join(folder, `home/plugins/resource-${name}-v4.21.2.lock`));
    expect(find()?.env.PATH).toContain(`/${name}`);
    put(path.join(folder, `home/plugins/resource-${name}-v4.21.2/PulumiPlugin.yaml`));
    expect(find()?.env.PATH).not.toContain(`/${name}`);
  },
);

test('the README names what each go.mod pins', () => {
  const readme = readFileSync(path.join(ROOM, 'README.md'), 'utf8');
  const modules = readdirSync(path.join(ROOM, 'modules'));
  const pinned = /github\.com\/pulumi\/(?:pulumi\/pkg\/v3|pulumi\/sdk\/v3|pulumi-kubernetes\/provider\/v4) v(\S+)/;
  for (const module of modules) {
    const [, version = ''] = pinned.exec(readFileSync(path.join(ROOM, 'modules', module, 'go.mod'), 'utf8')) ?? [];
    expect(readme).toMatch(new RegExp(`\\| ${module} +\\|.*${version.replaceAll('.', '\\.')}`));
  }
});
