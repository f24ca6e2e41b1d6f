import { type Document, Composer, LineCounter, Parser } from 'yaml';

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

/** What the library takes for YAML and the CLI does not. */
const REFUSED = [
  [/[^\t\n\x20-\x7E\x85\xA0-\uFFFD]/, 'this control character has to be written as \\xNN, between double quotes'],
  [
    /[\x85\u2028\u2029]/,
    'this line break, which editors do not show, has to be written as \\N, \\L or \\P, between double quotes',
  ],
  [/^ *\t[ \t]*$|^ *-\t/m, 'this tab has to be spaces'],
  [/^(?:[ \t]*(?:#.*)?\n)*\.\.\.(?=\s|$)/, '"..." ends a document before one has begun'],
] as const;

/** A YAML text, parsed: its scalars are still texts, its tags and aliases as they are written. */
export interface Syntax {
  /** The first one; undefined if there is none. */
  document: Document.Parsed | undefined;
  /** What was parsed: lines end with \n only, no byte order mark is before them. */
  text: string;
  at: (offset: number) => { line: number; col: number };
}

/** @throws YamlError */
export function parseSyntax(original: string): Syntax {
  const text = original.replace(/^\uFEFF/, '').replaceAll(/\r\n?/g, '\n');
  refuseCharacters(text);
  const lines = new LineCounter();
  const at = (offset: number) => lines.linePos(offset);
  const document = firstDocument(text, lines);
  const problem = document?.errors[0] ?? document?.warnings.find(({ code }) => code === 'BAD_DIRECTIVE');
  if (problem !== undefined) {
    const { line, col } = at(problem.pos[0]);
    throw new YamlError(PROBLEMS[problem.code] ?? 'this is not YAML', line, col);
  }
  const { explicit, version } = document?.directives.yaml ?? {};
  if (explicit === true && version !== '1.1') throw new YamlError('the CLI reads %YAML 1.1 only: leave this out', 1, 1);
  return { document, text, at };
}

function firstDocument(text: string, lineCounter: LineCounter): Document.Parsed | undefined {
  const composer = new Composer({
    lineCounter,
    prettyErrors: false,
    schema: 'failsafe',
    resolveKnownTags: false,
    logLevel: 'silent',
  });
  const first = composer.compose(new Parser(lineCounter.addNewLine).parse(text)).next();
  return first.done === true ? undefined : first.value;
}

function refuseCharacters(text: string): void {
  for (const [pattern, problem] of REFUSED) {
    const match = pattern.exec(text);
    if (!match) continue;
    const before = text.slice(0, match.index).split('\n');
    throw new YamlError(problem, before.length, (before.at(-1) ?? '').length + 1);
  }
}
