import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { preProcessFile } from 'typescript';

const ROOT = path.join(__dirname, '../../..');
const FOLDERS = ['embedded', 'examples', 'infra', 'kubernetes-api', 'operations', 'policies', 'stack-file', 'test'];
/** By source, what it imports, be it types alone: they tell as well who knows whom. */
const imports = new Map(
  FOLDERS.flatMap((folder) =>
    readdirSync(path.join(ROOT, folder), { recursive: true, encoding: 'utf8' })
      .filter((file) => /\.(ts|js|cjs)$/.test(file) && !file.includes('node_modules'))
      .map((file) => path.join(folder, file)),
  ).map((file) => [file, importsOf(file)] as const),
);

function importsOf(file: string): string[] {
  const { importedFiles } = preProcessFile(readFileSync(path.join(ROOT, file), 'utf8'), true, true);
  return importedFiles
    .filter(({ fileName }) => fileName.startsWith('.'))
    .map(({ fileName }) => path.join(path.dirname(file), fileName));
}

/** A file by an import's words. */
const resolve = (place: string) =>
  [place, `${place}.ts`, `${place}.js`, `${place}/index.ts`].find((file) => imports.has(file));

/** The first circle that is met on the way from a file. */
function circleFrom(file: string, way: readonly string[], done: Set<string>): string[] | undefined {
  if (way.includes(file)) return [...way.slice(way.indexOf(file)), file];
  if (done.has(file)) return undefined;
  for (const place of imports.get(file) ?? []) {
    const next = resolve(place);
    const circle = next === undefined ? undefined : circleFrom(next, [...way, file], done);
    if (circle) return circle;
  }
  done.add(file);
  return undefined;
}

test('nothing imports itself, by whatever way', () => {
  const done = new Set<string>();
  const circles = [...imports.keys()].map((file) => circleFrom(file, [], done));
  expect(circles.find((circle) => circle !== undefined)).toBeUndefined();
});

test('imports are followed from folder to folder', () => {
  const reached = (imports.get('embedded/engine/deployment/register.ts') ?? []).map(resolve);
  expect(reached).toContain('embedded/engine/deployment/registration.ts');
  expect(reached).toContain('embedded/shared/errors.ts');
});
