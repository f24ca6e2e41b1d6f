import { readFileSync } from 'node:fs';
import path from 'node:path';
import { reproducible, sbomOf } from '../../../../operations/sbom/sbom';

const CHECKOUT = path.join(__dirname, '../../../..');

interface Manifest {
  name: string;
  version: string;
  dependencies: Record<string, string>;
}

interface Lock {
  packages: Record<string, { version: string; dev?: boolean }>;
}

test('names every dependency of package.json with its version, and nothing that tests alone use', async () => {
  const manifest = JSON.parse(readFileSync(path.join(CHECKOUT, 'package.json'), 'utf8')) as Manifest;
  const bom = await sbomOf(CHECKOUT);
  expect(bom).toMatchObject({
    bomFormat: 'CycloneDX',
    specVersion: '1.5',
    metadata: { component: { name: manifest.name, version: manifest.version } },
  });
  const known = bom.components.map(({ name, version }) => `${name}@${version}`);
  const wanted = Object.entries(manifest.dependencies).map(([name, version]) => `${name}@${version}`);
  expect(known).toEqual(expect.arrayContaining(wanted));
  // Those of theirs as well, and of other platforms than this one: all that the lock file has but for what tests alone use.
  expect(known.filter((name) => name.startsWith('@esbuild/')).length).toBeGreaterThan(5);
  const { packages } = JSON.parse(readFileSync(path.join(CHECKOUT, 'package-lock.json'), 'utf8')) as Lock;
  const locked = Object.entries(packages).filter(([place, { dev }]) => place !== '' && dev !== true);
  const names = locked.map(([place, { version }]) => `${place.replace(/^.*node_modules\//, '')}@${version}`);
  expect([...new Set(known)].sort()).toEqual([...new Set(names)].sort());
  const refs = new Set([...bom.components, bom.metadata.component].map((one) => one['bom-ref']));
  expect(bom.dependencies.flatMap(({ ref, dependsOn }) => [ref, ...dependsOn]).filter((ref) => !refs.has(ref))).toEqual(
    [],
  );
}, 60_000);

test('is the same whenever and wherever it is made, and another for other contents', () => {
  const made = (serialNumber: string, timestamp: string, folder: string, version = '1.0.0') =>
    reproducible(
      {
        serialNumber,
        metadata: { timestamp, component: { 'bom-ref': 'own', name: folder } },
        components: [{ 'bom-ref': 'a', name: 'a', version }],
        dependencies: [],
      },
      'aios-network',
    );
  const one = made('urn:uuid:1', '2026-01-01', 'here');
  expect(JSON.stringify(made('urn:uuid:2', '2026-02-02', 'there'))).toBe(JSON.stringify(one));
  expect(one.serialNumber).toMatch(/^urn:uuid:[\da-f]{8}-[\da-f]{4}-8[\da-f]{3}-8[\da-f]{3}-[\da-f]{12}$/);
  expect(made('urn:uuid:1', '2026-01-01', 'here', '2.0.0').serialNumber).not.toBe(one.serialNumber);
});
