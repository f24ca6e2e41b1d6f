import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { UserError } from '../command-line';

const run = promisify(execFile);

interface Component {
  'bom-ref': string;
  name: string;
  version: string;
  properties?: { name: string; value: string }[];
}

/** A bill of materials as CycloneDX 1.5 has it, as far as it is changed here. */
export interface Bom {
  serialNumber?: string | undefined;
  metadata: {
    timestamp?: string | undefined;
    component: { 'bom-ref': string; name: string };
    [key: string]: unknown;
  };
  components: Component[];
  dependencies: { ref: string; dependsOn: string[] }[];
}

const COMMAND = 'sbom --sbom-format cyclonedx --sbom-type application --package-lock-only'.split(' ');

/**
 * What the program is made from, of all platforms: its dependencies and theirs, with versions, licenses and checksums, as the lock
 * file has them. Nothing is asked of a registry.
 *
 * @param project the project's folder
 * @throws UserError if npm cannot tell
 */
export async function sbomOf(project: string): Promise<Bom> {
  const bom = JSON.parse(await npm(project)) as Bom;
  const read = async (file: string) => JSON.parse(await readFile(path.join(project, file), 'utf8')) as unknown;
  const { name } = (await read('package.json')) as { name: string };
  return reproducible(withoutDevelopment(bom, (await read('package-lock.json')) as Lock), name);
}

/** The lock file, as far as it tells who needs a package. */
interface Lock {
  packages: Record<string, { name?: string; version?: string; dev?: boolean }>;
}

/**
 * Without what tests and lint alone use, going by the lock file: npm itself, told to leave that out, also leaves out some of what
 * both they and the program use.
 */
function withoutDevelopment(bom: Bom, { packages }: Lock): Bom {
  const needed = Object.entries(packages).filter(([, { dev }]) => dev !== true);
  const own = new Set(needed.map(([place, { name, version }]) => `${name ?? nameAt(place)}@${version ?? ''}`));
  const isOwn = ({ name, version }: Component) => own.has(`${name}@${version}`);
  const components = bom.components.filter(isOwn).map(withoutMark);
  const refs = new Set([...components, bom.metadata.component].map((one) => one['bom-ref']));
  const dependencies = bom.dependencies.filter(({ ref }) => refs.has(ref));
  return {
    ...bom,
    components,
    dependencies: dependencies.map(({ ref, dependsOn }) => ({
      ref,
      dependsOn: dependsOn.filter((one) => refs.has(one)),
    })),
  };
}

/** Where the lock file has a package: `node_modules/a/node_modules/@b/c`. */
const nameAt = (place: string) => place.replace(/^.*node_modules\//, '');

/** Npm marks what tests use, though the program uses it as well. */
const withoutMark = ({ properties = [], ...component }: Component): Component => ({
  ...component,
  properties: properties.filter(({ name }) => name !== 'cdx:npm:package:development'),
});

async function npm(project: string): Promise<string> {
  try {
    return (await run('npm', COMMAND, { cwd: project, maxBuffer: 2 ** 26 })).stdout;
  } catch (error) {
    const { stderr = '', message } = error as Error & { stderr?: string };
    throw new UserError(`npm ${COMMAND.join(' ')} (npm 10 or newer) failed: ${stderr.trim() || message}`);
  }
}

/** The same bytes for the same lock file, wherever and whenever it is made: npm names it after the folder, the hour and a die. */
export function reproducible(bom: Bom, name: string): Bom {
  const component = { ...bom.metadata.component, name };
  const metadata = { ...bom.metadata, timestamp: undefined, component };
  const named = { ...bom, serialNumber: undefined, metadata };
  // What is undefined is in no JSON, and keeps its place for what is put there.
  return { ...named, serialNumber: `urn:uuid:${uuidOf(JSON.stringify(named))}` };
}

/** A UUID of version 8, which is made from whatever one likes: here, from what it stands for. */
function uuidOf(content: string): string {
  const hex = createHash('sha256').update(content).digest('hex');
  const parts = [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `8${hex.slice(13, 16)}`,
    `8${hex.slice(17, 20)}`,
    hex.slice(20, 32),
  ];
  return parts.join('-');
}
