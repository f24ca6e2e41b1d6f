import { readFileSync } from 'node:fs';
import path from 'node:path';
import { programsModule } from '../../../../embedded/cluster/paths';
import { PACKAGES, readRecipe, recipeOf } from '../../../../embedded/cluster/programs';

const goMod = 'module m\n\ngo 1.26.0\n\nrequire (\n\tk8s.io/kubernetes v1.36.3 // indirect\n)\n';

test('programs are built anew when a version, a checksum or the machine differs, and only then', () => {
  const { directory } = recipeOf(goMod, 'sums', 'amd64');
  expect(recipeOf(goMod, 'sums', 'amd64').directory).toBe(directory);
  const others = [
    recipeOf(goMod.replace('1.36.3', '1.36.4'), 'sums', 'amd64'),
    recipeOf(goMod, 'other sums', 'amd64'),
    recipeOf(goMod, 'sums', 'arm64'),
  ];
  expect(new Set([directory, ...others.map((other) => other.directory)]).size).toBe(4);
});

test('Kubernetes is told the version that go.mod pins', () => {
  const [programs] = recipeOf(goMod, 'sums', 'amd64').modules;
  expect(programs?.flags.at(-1)).toMatch(/component-base\/version\.gitVersion=v1\.36\.3 .*gitMajor=1 .*gitMinor=36/);
});

test('a system that it cannot run on is refused with the way out', () => {
  expect(() => readRecipe('darwin', 'arm64')).toThrow(/runs on Linux .*, this is darwin arm64: .*\(cluster\.context\)/);
  expect(() => readRecipe('linux', 's390x')).toThrow('this is linux s390x');
});

test('go.mod pins each program as a tool, and the README names its version', () => {
  const real = readFileSync(path.join(programsModule, 'go.mod'), 'utf8');
  for (const name of Object.values(PACKAGES)) expect(real).toContain(`\t${name}\n`);
  const readme = readFileSync(path.join(programsModule, '..', 'README.md'), 'utf8');
  const pinned = /^\t(?:go\.etcd\.io\/etcd\/server\/v3|k8s\.io\/kubernetes|sigs\.k8s\.io\/kwok) v(\S+)/gm;
  const versions = [...real.matchAll(pinned)].map(([, version]) => version);
  expect(versions).toHaveLength(3);
  for (const version of versions) expect(readme).toMatch(new RegExp(`\\|\\s*${version ?? ''}\\s*\\|`));
});
