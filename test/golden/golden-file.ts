import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { stringify } from 'yaml';
import { maskSecrets, type ProgramRun, type Registration } from '../pulumi-mocks';

/** The resources of a run as text: sorted by their place in the tree, secrets masked. */
export function describeRun({ resources, outputs }: ProgramRun): string {
  const places = new Map(resources.map((resource) => [placeOf(resource, resources), describe(resource)] as const));
  const sorted = [...places].sort(([left], [right]) => (left < right ? -1 : 1));
  const text = { resources: Object.fromEntries(sorted), outputs: maskSecrets(outputs) };
  return stringify(text, { lineWidth: 0, aliasDuplicateObjects: false, sortMapEntries: false });
}

/** The text of a golden file. With UPDATE_GOLDEN=1, it becomes the one given. */
export function goldenText(file: string, actual: string): string {
  if (process.env.UPDATE_GOLDEN === '1') writeFileSync(file, actual);
  return existsSync(file) ? readFileSync(file, 'utf8') : '';
}

/** `Type name` of the resource and of all that contain it, the stack left out. */
function placeOf(resource: Registration, all: readonly Registration[]): string {
  const parent = all.find(({ urn }) => urn === resource.parent);
  const own = `${resource.type} ${resource.name}`;
  return parent === undefined || parent.parent === '' ? own : `${placeOf(parent, all)} > ${own}`;
}

function describe({ provider, protect, retainOnDelete, inputs }: Registration): Record<string, unknown> {
  return {
    ...(provider !== '' && { provider: provider.replace(/^.*::(.*)::.*$/, '$1') }),
    ...(protect && { protect }),
    ...(retainOnDelete && { retainOnDelete }),
    ...(Object.keys(inputs).length > 0 && { inputs: shortenTexts(maskSecrets(inputs)) }),
  };
}

/** Scripts have files and tests of their own: here they would hide the rest. */
function shortenTexts(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(shortenTexts);
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, shortenTexts(inner)]));
  }
  if (typeof value !== 'string' || value.split('\n').length <= 10) return value;
  return `[script, sha256 ${createHash('sha256').update(value).digest('hex').slice(0, 12)}]`;
}
