import { execFileSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import path from 'node:path';

const ROOT = path.join(__dirname, '../../..');
const FOLDERS = ['infra', 'policies', 'operations', 'kubernetes-api', 'stack-file', 'embedded', 'examples', 'test'];

interface Breach {
  line: number;
  message: string;
}

/** What the houses are, from the linter's own configuration. */
const houses = JSON.parse(
  node(
    '--input-type=module',
    '--eval',
    'import { HOUSES } from "./eslint.houses.mjs"; console.log(JSON.stringify(HOUSES))',
  ),
) as Record<string, string[]>;

const sources = FOLDERS.flatMap((folder) =>
  readdirSync(path.join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .map((file) => path.join(folder, file)),
);

function node(...args: string[]): string {
  return execFileSync(process.execPath, args, { cwd: ROOT, encoding: 'utf8' });
}

/** The imports in each text that ESLint refuses, as the project configures it. */
function lint(files: { file: string; code: string }[]): Breach[][] {
  const args = [path.join(__dirname, 'lint-texts.mjs')];
  const output = execFileSync(process.execPath, args, {
    cwd: ROOT,
    input: JSON.stringify(files),
    encoding: 'utf8',
    maxBuffer: 2 ** 26,
  });
  return JSON.parse(output) as Breach[][];
}

const isIn = (file: string, place: string) => file === place || file.startsWith(`${place}/`);

/** A file that there is not yet, in a house, or the house itself where it is one file. */
const newcomer = (house: string) => (house.endsWith('.ts') ? house : `${house}/newcomer.ts`);

function specifier(from: string, to: string): string {
  const relative = path.relative(path.dirname(from), to).replace(/(\/index)?\.ts$/, '');
  return relative.startsWith('.') ? relative : `./${relative}`;
}

/** The sources that a file may import: what all the houses say that it is in. */
function open(file: string): string[] {
  const lines = Object.entries(houses).filter(([house]) => isIn(file, house));
  return sources.filter((source) =>
    lines.every(([house, known]) => [house, ...known].some((place) => isIn(source, place))),
  );
}

test('every source belongs to a house', () => {
  const homeless = sources.filter(
    (file) => !isIn(file, 'test') && !Object.keys(houses).some((house) => isIn(file, house)),
  );
  expect(homeless).toEqual([]);
});

test('every line of the table names what there is', () => {
  for (const place of Object.entries(houses).flatMap(([house, known]) => [house, ...known])) {
    expect([place, sources.some((source) => isIn(source, place))]).toEqual([place, true]);
  }
});

test('every house may import what its line names, and nothing else of the repository', () => {
  const names = Object.keys(houses);
  const files = names.map((house) => {
    const file = newcomer(house);
    return { file, code: sources.map((source) => `import '${specifier(file, source)}';`).join('\n') };
  });
  const reported = lint(files).map((breaches) => new Set(breaches.map(({ line }) => sources[line - 1])));
  for (const [index, house] of names.entries()) {
    const allowed = new Set(open(newcomer(house)));
    const missed = sources.filter((source) => !allowed.has(source) && !reported[index]?.has(source));
    const wronged = sources.filter((source) => allowed.has(source) && reported[index]?.has(source));
    expect({ house, missed, wronged }).toEqual({ house, missed: [], wronged: [] });
  }
});

test('no form of import gets through', () => {
  const amiss = '../../cluster/start';
  const forms = [
    `import '../../cluster';`,
    `import { start } from '../../cluster/index';`,
    `import type { Cluster } from '../../cluster/cluster';`,
    `export * from '${amiss}';`,
    `export const later = import('${amiss}');`,
    `export const required = require('../../../embedded/cluster/start');`,
    `import '../../shared/../cluster/start';`,
    `export const { stop } = require('${amiss}') as typeof import('${amiss}');`,
    `export const { status } = createRequire(__filename)('${amiss}');`,
    `import given = require('${amiss}');`,
    `export type Start = import('${amiss}').Start;`,
  ];
  const [breaches] = lint([{ file: 'embedded/engine/backend/newcomer.ts', code: forms.join('\n') }]);
  expect(breaches?.map(({ line }) => forms[line - 1])).toEqual(forms);
  expect(breaches?.[0]?.message).toContain(
    'embedded/engine knows embedded/shared, kubernetes-api/index.ts, stack-file/index.ts: see eslint.houses.mjs',
  );
});
