import {
  type Document,
  type Node,
  type Scalar as ScalarNode,
  LineCounter,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  parseAllDocuments,
} from 'yaml';
import { type Scalar, resolveScalar } from './scalar';

/** Data of a YAML file. Integers that a number cannot hold exactly are bigints. */
export type YamlValue = Scalar | YamlValue[] | { [key: string]: YamlValue };

/** What is wrong with a YAML text, and where. */
export class YamlError extends Error {
  constructor(
    problem: string,
    readonly line: number,
    readonly column: number,
  ) {
    super(problem);
  }
}

/** The library's findings in words of this project; others are told as not being YAML. */
const PROBLEMS: Readonly<Partial<Record<string, string>>> = {
  BAD_ALIAS: 'this alias is no name',
  BAD_DIRECTIVE: 'this directive is not known',
  BAD_DQ_ESCAPE: 'this escape is not known in a text between double quotes',
  BAD_INDENT: 'this line is not indented as what it belongs to',
  BAD_SCALAR_START: 'a text that begins with this character has to stand between quotes',
  BLOCK_AS_IMPLICIT_KEY:
    'a value of several lines cannot stand here: is a line indented too little or too much, or a text with ": " in it without quotes?',
  DUPLICATE_KEY: 'this key is there already',
  MISSING_CHAR: 'a quote, bracket or comma is missing before this',
  MULTILINE_IMPLICIT_KEY: 'a key has to end on its line: is a ":" or a quote missing?',
  TAB_AS_INDENT: 'lines are indented by spaces, not by tabs',
  UNEXPECTED_TOKEN: 'this cannot stand here',
};

/** As many nodes as the aliases of a file may stand for, together. */
const MOST_NODES = 100_000;

/**
 * Reads a YAML text as the pulumi CLI does, whose library is Go's yaml.v3: its merge keys, its forms of numbers, and of
 * several documents the first. An empty text is null.
 *
 * @throws YamlError
 */
export function parseYaml(text: string): YamlValue {
  const lines = new LineCounter();
  const documents = parseAllDocuments(text, {
    lineCounter: lines,
    prettyErrors: false,
    schema: 'failsafe',
    logLevel: 'silent',
  });
  const document = Array.isArray(documents) ? documents[0] : undefined;
  if (document === undefined) return null;
  const at = (offset: number) => lines.linePos(offset);
  const [problem] = document.errors;
  if (problem !== undefined) {
    const { line, col } = at(problem.pos[0]);
    throw new YamlError(PROBLEMS[problem.code] ?? 'this is not YAML', line, col);
  }
  return new Reading(document, text, at).value(document.contents);
}

/** Half of a surrogate pair, as JSON writes characters beyond the first 65,536. */
const HALF_CHARACTER = /(?<!\\)(?:\\\\)*\\u[dD][89a-fA-F]/;

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
    // Of tags that the library knows as well, the value is its own.
    const text = typeof node.value === 'string' ? node.value : (node.source ?? '');
    const plain = node.type === 'PLAIN' || node.type === undefined;
    if (node.type === 'QUOTE_DOUBLE' && HALF_CHARACTER.test(this.sourceOf(node))) {
      this.fail(node, 'an escape \\u is half a character: write the character itself, or \\U and all of its digits');
    }
    const tag = node.tag?.replace(/^tag:yaml\.org,2002:/, '!!');
    if (tag === '!!binary') return Buffer.from(text, 'base64').toString();
    if (tag === '!!str' || tag === '!') return text;
    if (tag?.startsWith('!!') !== true) return plain ? resolveScalar(text) : text;
    const value = resolveScalar(text);
    const fits = {
      '!!int': typeof value === 'bigint' || Number.isInteger(value),
      '!!float': typeof value === 'number' || typeof value === 'bigint',
      '!!bool': typeof value === 'boolean',
      '!!null': value === null,
      '!!timestamp': typeof value === 'string' && value !== text,
    }[tag];
    if (fits === false) this.fail(node, `this is no ${tag}`);
    return value;
  }

  private map(pairs: readonly { key: unknown; value: unknown }[]): YamlValue {
    const own = pairs
      .filter(({ key }) => !isMerge(key))
      .map(({ key, value }) => [this.key(key), this.value(value)] as const);
    const merged = pairs.filter(({ key }) => isMerge(key)).flatMap(({ value }) => this.merged(value as Node));
    // Of what is merged the first to name a key wins, and the map's own keys win over all of it.
    return Object.fromEntries([...merged.reverse().flatMap((map) => Object.entries(map)), ...own]);
  }

  private merged(node: Node): Record<string, YamlValue>[] {
    const value = this.value(node);
    const maps = Array.isArray(value) ? value : [value];
    return maps.map((map) => {
      if (typeof map === 'object' && map !== null && !Array.isArray(map)) return map;
      return this.fail(node, '"<<" merges keys with values, or a list of such, and this is neither');
    });
  }

  private key(node: unknown): string {
    const value = this.value(node);
    if (value === null) return '<nil>';
    if (typeof value === 'object') this.fail(node as Node, 'a key has to be a text');
    return String(value);
  }

  private sourceOf({ range }: Node): string {
    return range ? this.text.slice(range[0], range[1]) : '';
  }

  private fail(node: Node, problem: string): never {
    const { line, col } = this.at(node.range?.[0] ?? 0);
    throw new YamlError(problem, line, col);
  }
}

const isMerge = (key: unknown) => isScalar(key) && key.value === '<<';
