import { createHash } from 'node:crypto';
import { withOrigin, withoutOrigin } from '../origin';
import {
  type Json,
  type JsonObject,
  type Properties,
  Secret,
  type Value,
  canonicalText,
  containsSecret,
  containsUnknown,
  equal,
  isJsonObject,
  isProperties,
  open,
  reveal,
  unknown,
} from '../wire/value';

/** Where a policy's entry keeps the inputs. */
const ENTRY_KEYS = {
  name: 'name',
  version: 'version',
  releaseTag: 'release_tag',
  type: 'type',
  description: 'description',
  tags: 'tags',
  metadata: 'metadata',
  inputSchema: 'policy_input_schema',
  outputSchema: 'policy_output_schema',
  settingsSchema: 'policy_settings_schema',
  parametersSchema: 'policy_parameters_schema',
  settings: 'policy_settings',
  parameters: 'policy_parameters',
  functionalityData: 'functionality_data',
  resourceEstimates: 'resource_estimates',
} as const;

type EntryInput = keyof typeof ENTRY_KEYS;

export const entryInputs = Object.keys(ENTRY_KEYS) as EntryInput[];

/** The inputs that decide what a policy does: a version's are never changed. The rest only describes it. */
export const CONTENT_INPUTS = [
  'type',
  'inputSchema',
  'outputSchema',
  'settingsSchema',
  'parametersSchema',
  'settings',
  'parameters',
  'functionalityData',
  'resourceEstimates',
] as const satisfies EntryInput[];

/** Key of the entry's metadata with the archive's checksum: unknown fields of an entry are dropped. */
export const CHECKSUM_KEY = 'code_sha256';

/** Any archive format is loaded under this name. */
const CODE_TYPE = 'zip';

export function uriOf({ name = '', version = '', releaseTag = '' }: Properties): Value {
  const parts = [name, version, releaseTag].map((part) => open(part) ?? '');
  return parts.some(containsUnknown) ? unknown : `${parts[0] as string}:${parts[1] as string}-${parts[2] as string}`;
}

export function codeOf({ code }: Properties): Properties {
  const opened = open(code);
  return isProperties(opened) ? opened : {};
}

/** The entry that the policies system is to have. @param urn of the resource that makes it */
export function toEntry(inputs: Properties, urn: string): JsonObject {
  const plain = reveal(inputs) as JsonObject;
  const { url = null, sha256 = null } = isJsonObject(plain.code) ? plain.code : {};
  const entries = entryInputs.map((input) => [ENTRY_KEYS[input], plain[input] ?? null] as const);
  const entry = Object.fromEntries(entries);
  const metadata = isJsonObject(entry.metadata) ? entry.metadata : {};
  return {
    ...entry,
    metadata: withOrigin({ ...metadata, [CHECKSUM_KEY]: sha256 }, urn),
    code: url,
    code_type: CODE_TYPE,
  };
}

/** The fields in which a stored entry is not as it should be. */
export function differingFields(stored: JsonObject, wanted: JsonObject): string[] {
  const comparable = (entry: JsonObject): JsonObject => ({ ...entry, metadata: withoutOrigin(entry.metadata) });
  const [is, should] = [comparable(stored), comparable(wanted)];
  return Object.keys(should).filter((field) => !equal(is[field], should[field]));
}

/** Whether two entries do the same. */
export function haveSameContent(stored: JsonObject, wanted: JsonObject): boolean {
  const checksum = ({ metadata }: JsonObject) => (isJsonObject(metadata) ? metadata[CHECKSUM_KEY] : undefined);
  return (
    equal(checksum(stored), checksum(wanted)) &&
    CONTENT_INPUTS.every((input) => equal(stored[ENTRY_KEYS[input]], wanted[ENTRY_KEYS[input]]))
  );
}

/** The inputs that a stored entry amounts to; in the words of the known inputs where it is what they ask for. */
export function inputsOfEntry(stored: JsonObject, known: Properties): Properties {
  const described = withoutOrigin(stored.metadata);
  const { [CHECKSUM_KEY]: sha256 = '', ...metadata } = isJsonObject(described) ? described : {};
  const found: Properties = { ...known };
  for (const input of entryInputs) {
    found[input] = inWordsOf(known[input], input === 'metadata' ? metadata : (stored[ENTRY_KEYS[input]] ?? null));
  }
  const code = codeOf(known);
  found.code = { ...code, url: inWordsOf(code.url, stored.code ?? null), sha256: inWordsOf(code.sha256, sha256) };
  return found;
}

function inWordsOf(known: Value | undefined, found: Json): Value {
  if (known !== undefined && equal(known, found)) return known;
  return known !== undefined && containsSecret(known) ? new Secret(found) : found;
}

/** Identifies what a policy does; not known as long as a part of it isn't. */
export function contentDigest(inputs: Properties): Value {
  const parts: Properties = { sha256: codeOf(inputs).sha256 ?? '' };
  for (const input of CONTENT_INPUTS) parts[input] = inputs[input] ?? null;
  if (containsUnknown(parts)) return unknown;
  const digest = createHash('sha256')
    .update(canonicalText(reveal(parts)))
    .digest('hex');
  return containsSecret(parts) ? new Secret(digest) : digest;
}
