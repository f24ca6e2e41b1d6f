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

/** Scripts, archives and schemas have files and tests of their own: here they would hide the rest. */
function shortenTexts(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(shortenTexts);
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, shortenSchema(key, inner)]));
  }
  if (typeof value !== 'string') return value;
  if (/^H4sI[A-Za-z0-9+/=]+$/.test(value)) return `[archive, sha256 ${checksum(Buffer.from(value, 'base64'))}]`;
  return value.split('\n').length > 10 ? `[script, sha256 ${checksum(value).slice(0, 12)}]` : value;
}

/** The schemas of a rule are its policy.yaml's. */
function shortenSchema(key: string, value: unknown): unknown {
  if (!/^(input|output|settings|parameters)Schema$/.test(key)) return shortenTexts(value);
  return `[schema, sha256 ${checksum(JSON.stringify(value)).slice(0, 12)}]`;
}

function checksum(content: string | Buffer): string {
  return createHash('sha256').update(content).digest('hex');
}
