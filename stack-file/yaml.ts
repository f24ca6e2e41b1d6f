import { type Document, type Node, type Scalar as ScalarNode, isAlias, isMap, isScalar, isSeq } from 'yaml';
import { type Scalar, resolveScalar, resolveTagged } from './scalar';
import { YamlError, parseSyntax } from './syntax';

/** Data of a YAML file. Integers that a number cannot hold exactly are bigints. */
export type YamlValue = Scalar | YamlValue[] | { [key: string]: YamlValue };

/** As many nodes as the aliases of a file may stand for, together. */
const MOST_NODES = 100_000;

/**
 * Reads a YAML text as the pulumi CLI does, whose library is Go's yaml.v3: its merge keys, its forms of numbers, and of
 * several documents the first. An empty text is null.
 *
 * @throws YamlError
 */
export function parseYaml(text: string): YamlValue {
  const { document, ...syntax } = parseSyntax(text);
  return document === undefined ? null : new Reading(document, syntax.text, syntax.at).value(document.contents);
}

class Reading {
  private readonly open = new Set<Node>();
  private count = 0;

  constructor(
    private readonly document: Document,
    private readonly text: string,
    private readonly at: (offset: number) => { line: number; col: number },
  ) {}

  value(node: unknown): YamlValue {
    if (node === null || node === undefined) return null;
    const known = node as Node;
    if (this.open.has(known)) this.fail(known, 'this alias stands for something that it is part of');
    this.count += 1;
    if (this.count > MOST_NODES) this.fail(known, `this file's aliases stand for more than ${MOST_NODES} values`);
    this.open.add(known);
    try {
      return this.valueOf(known);
    } finally {
      this.open.delete(known);
    }
  }

  private valueOf(node: Node): YamlValue {
    if (isAlias(node)) {
      const target = node.resolve(this.document);
      if (target === undefined) this.fail(node, `there is no anchor &${node.source} before this`);
      return this.value(target);
    }
    if (isScalar(node)) return this.scalar(node);
    if (isSeq(node)) return node.items.map((item) => this.value(item));
    if (isMap(node)) return this.map(node.items);
    return this.fail(node, 'this is not YAML');
  }

  private scalar(node: ScalarNode): YamlValue {
    const text = this.textOf(node);
    const { tag = '' } = node;
    if (tag === '' || tag === '!') return node.type === 'PLAIN' ? resolveScalar(text) : text;
    const short = tag.replace(/^tag:yaml\.org,2002:/, '!!');
    const value = resolveTagged(short, text);
    return value === undefined ? this.fail(node, `this is no ${short}`) : value;
  }

  private textOf(node: ScalarNode): string {
    const text = typeof node.value === 'string' ? node.value : '';
    if (node.type === 'PLAIN') return text;
    const source = this.sourceOf(node);
    if (node.type === 'QUOTE_DOUBLE') this.refuseEscapes(node, source);
    const isCutOff = source.length > 0 && this.text.endsWith(source) && !source.endsWith('\n');
    return asWrittenAnew(node.type?.startsWith('BLOCK') && isCutOff ? text.replace(/\n$/, '') : text);
  }

  /** JSON's escapes that are none of YAML 1.1's: characters beyond the first 65,536 as two halves, and slashes. */
  private refuseEscapes(node: ScalarNode, source: string): void {
    const escapes = [...source.matchAll(/\\(?:u[\da-f]{4}|[^])/gi)].map(([escape]) => escape);
    const wrong = escapes.find((escape) => /^\\(?:\/|ud[89a-f])/i.test(escape));
    if (wrong !== undefined) this.fail(node, `${wrong} is no escape: write the character itself`);
  }

  private map(pairs: readonly { key: unknown; value: unknown }[]): YamlValue {
    const own = pairs
      .filter(({ key }) => !isMerge(key))
      .map(({ key, value }) => [this.key(key, value), this.value(value)] as const);
    const merged = pairs.filter(({ key }) => isMerge(key)).flatMap(({ value }) => this.merged(value as Node));
    // Of what is merged the first to name a key wins, and the map's own keys win over all of it.
    return Object.fromEntries([...merged.reverse().flatMap((map) => Object.entries(map)), ...own]);
  }

  private merged(node: Node): Record<string, YamlValue>[] {
    const maps = isSeq(node) ? node.items : [node];
    return maps.map((map) => {
      const target = isAlias(map) ? map.resolve(this.document) : map;
      if (isMap(target)) return this.value(map) as Record<string, YamlValue>;
      return this.fail(node, '"<<" merges keys with values, or a list of such, and this is neither');
    });
  }

  /** As Go prints it. */
  private key(key: unknown, value: unknown): string {
    const node = key as Node;
    if (key === null || isNothing(key)) this.fail(node, 'a key is missing before the colon');
    const data = this.value(node);
    if (isNothing(value) && isScalar(node) && node.type === 'PLAIN' && this.isFlowEnd(node)) {
      this.fail(node, 'a space is missing after the colon of this key');
    }
    if (data === null) return '<nil>';
    if (typeof data === 'object') this.fail(node, 'a key has to be a text');
    return String(data).replace(/^(-?)Infinity$/, (_, sign) => `${sign === '-' ? '-' : '+'}Inf`);
  }

  /** `{a:}` and `{a:,`: to the CLI the colon belongs to the key there. */
  private isFlowEnd({ range }: Node): boolean {
    return range ? /^:[,}\]]/.test(this.text.slice(range[1])) : false;
  }

  private sourceOf({ range }: Node): string {
    return range ? this.text.slice(range[0], range[1]) : '';
  }

  private fail(node: Node | null, problem: string): never {
    const { line, col } = this.at(node?.range?.[0] ?? 0);
    throw new YamlError(problem, line, col);
  }
}

const isMerge = (key: unknown) => isScalar(key) && key.value === '<<';

const isNothing = (node: unknown) => node === null || (isScalar(node) && node.type === 'PLAIN' && node.source === '');

/**
 * The CLI writes what it has read as YAML and reads that: a text that can stand in a literal block loses the line break
 * that it begins with.
 */
const asWrittenAnew = (text: string) => (/ (?:\n|$)/.test(text) ? text : text.replace(/^\n/, ''));
