import { type Pair, type YAMLMap, isMap, isScalar, parseDocument } from 'yaml';
import { configKey } from '../../stack-file';
import { type KeyPath, isOwn, keyOf } from './own';

const PROJECT = 'aios-network';

/** The keys beside `config` that say how a stack's secrets are encrypted. */
const ENCRYPTION = ['secretsprovider', 'encryptedkey', 'encryptionsalt'];

/** A value that was not taken over. */
interface LeftOut {
  path: KeyPath;
  isSecret: boolean;
  /** What the other stack has, where that is short and no secret. */
  before?: string;
}

/** A stack's file for another stack. */
export interface Edited {
  text: string;
  leftOut: LeftOut[];
}

/** A stretch of the text that becomes another. */
interface Change {
  from: number;
  to: number;
  text: string;
}

/**
 * The text of a stack's file, comments and all, as another stack can have it: under another name, without encrypted values and
 * without what belongs to one cluster. A comment stands where something is left out.
 *
 * @param text YAML without errors
 */
export function editStackFile(text: string, { from, name }: { from: string; name: string }): Edited {
  const { contents } = parseDocument(text);
  if (!isMap(contents)) return { text, leftOut: [] };
  const encryption = contents.items.filter((item) => ENCRYPTION.includes(nameOf(item)));
  const config = contents.items.find((item) => nameOf(item) === 'config')?.value;
  const found = isMap(config) ? config.items.flatMap((section) => pairsIn(config, section, section, [])) : [];
  const leaving = found.filter(leaves);
  const gone = new Set(leaving.map(({ pair }) => pair));
  const place = { text, from, name, gone };
  const renamed = found.filter(({ path }) => keyOf(path) === 'network.name');
  const changes = [
    ...encryption.map((pair) => wholeLines(text, pair)),
    ...renamed.map(({ pair }) => ({ ...extent(pair.value), text: name })),
    ...leaving.flatMap((one) => removal(place, one)),
  ];
  return { text: applied(text, changes), leftOut: leaving.map((one) => describe(text, one)) };
}

interface Place {
  text: string;
  from: string;
  name: string;
  /** What is left out. */
  gone: ReadonlySet<Pair>;
}

interface Found {
  path: KeyPath;
  pair: Pair;
  parent: YAMLMap;
  /** The key of the configuration that it stands under. */
  section: Pair;
}

/** A pair and those inside of it, outer ones first; none inside of what is left out as a whole. */
function pairsIn(parent: YAMLMap, pair: Pair, section: Pair, outer: KeyPath): Found[] {
  const path = outer.length === 0 ? [sectionName(pair)] : [...outer, nameOf(pair)];
  const found = { path, pair, parent, section };
  const { value } = pair;
  if (!isMap(value) || leaves(found)) return [found];
  return [found, ...value.items.flatMap((inner) => pairsIn(value, inner, section, path))];
}

const leaves = ({ path, pair }: Found) => isOwn(path) || isSecret(pair);

/** A key of this project's without it, any other as a whole. */
function sectionName(pair: Pair): string {
  const key = configKey(nameOf(pair), PROJECT) ?? nameOf(pair);
  return key.startsWith(`${PROJECT}:`) ? key.slice(PROJECT.length + 1) : key;
}

const nameOf = ({ key }: Pair) => (isScalar(key) ? String(key.value) : '');

/** As the CLI tells them: `secure: <ciphertext>` and nothing else. */
const isSecret = ({ value }: Pair) =>
  isMap(value) && value.items.length === 1 && value.items.every((pair) => nameOf(pair) === 'secure');

function extent(node: unknown): { from: number; to: number } {
  const [from = 0, to = 0] = (node as { range?: [number, number, number] | null }).range ?? [];
  return { from, to };
}

function describe(text: string, { path, pair }: Found): LeftOut {
  if (isSecret(pair)) return { path, isSecret: true };
  const { from, to } = extent(pair.value);
  const before = text.slice(from, to);
  // What stands in a map may be secret in parts.
  const isShort = before.length <= 60 && !before.includes('\n') && !isMap(pair.value);
  return { path, isSecret: false, ...(isShort && { before }) };
}

function removal(place: Place, found: Found): Change[] {
  const { text, gone } = place;
  const { parent, pair, path, section } = found;
  const left = describe(text, found);
  if (parent.flow === true) {
    const from = lineStart(text, extent(section.key).from);
    return [flowItem(parent, pair, gone), { from, to: from, text: comment(place, from, left, keyOf(path)) }];
  }
  const lines = wholeLines(text, pair);
  return [{ ...lines, text: comment(place, lines.from, left, nameOf(pair)) }];
}

/** What sets an encrypted value of a stack; a key of another project stays whole. */
export function secretCommand(stack: string, path: KeyPath): string {
  const key = keyOf(path);
  return `pulumi config set --stack ${stack} --path --secret '${key.includes(':') ? key : `${PROJECT}:${key}`}'`;
}

/** A comment that stands in for a value, indented as the line that begins at `at`. */
function comment({ text, from, name }: Place, at: number, left: LeftOut, key: string): string {
  const [indent = ''] = /^ */.exec(text.slice(at)) ?? [];
  const before = left.before === undefined ? '' : ` (${from}: ${left.before})`;
  const what = left.isSecret ? secretCommand(name, left.path) : `fill in${before}`;
  return `${indent}# ${key}: ${what}\n`;
}

/** A pair of a block, with everything on its lines. */
function wholeLines(text: string, pair: Pair): Change {
  const end = endOf(pair);
  const from = lineStart(text, extent(pair.key).from);
  // Of a block the end is the beginning of the next line.
  if (text[end - 1] === '\n') return { from, to: end, text: '' };
  const newline = text.indexOf('\n', end);
  return { from, to: newline < 0 ? text.length : newline + 1, text: '' };
}

/** A pair between braces, with the comma that it leaves behind. */
function flowItem(parent: YAMLMap, pair: Pair, gone: ReadonlySet<Pair>): Change {
  const index = parent.items.indexOf(pair);
  const [previous, next] = [parent.items[index - 1], parent.items[index + 1]];
  const from = extent(pair.key).from;
  if (next) return { from, to: extent(next.key).from, text: '' };
  const isKept = previous !== undefined && !gone.has(previous);
  return { from: isKept ? endOf(previous) : from, to: endOf(pair), text: '' };
}

const endOf = ({ key, value }: Pair) => Math.max(extent(key).to, extent(value).to);

const lineStart = (text: string, at: number) => text.lastIndexOf('\n', at - 1) + 1;

/** From the end on, so that what comes before stays in its place; of two in one place the first comes first. */
function applied(text: string, changes: readonly Change[]): string {
  return changes
    .toReversed()
    .toSorted((left, right) => right.from - left.from)
    .reduce((done, change) => done.slice(0, change.from) + change.text + done.slice(change.to), text);
}
