/** What `${{ }}` may name: `github.event.number`. */
export type Context = Readonly<Record<string, unknown>>;

type Value = unknown;

const TOKEN = /\s*('(?:[^']|'')*'|\d+|&&|\|\||==|!=|!|\(|\)|,|[A-Za-z_][\w-]*(?:\.[\w*-]+)*)/y;

/** The functions that the workflows use, and those of a job's state. */
const FUNCTIONS: Readonly<Record<string, (...values: Value[]) => Value>> = {
  fromJSON: (text) => JSON.parse(String(text)) as Value,
  hashFiles: () => 'hash',
  always: () => true,
};

/** Replaces every `${{ }}` of a text by its value, as GitHub does. */
export function interpolate(text: string, context: Context): string {
  return text.replace(/\$\{\{(.*?)\}\}/gs, (_, expression: string) => asText(evaluate(expression, context)));
}

/** The value of an expression: as much of GitHub's language as the workflows use. @throws Error for anything else */
export function evaluate(expression: string, context: Context): Value {
  const parser = new Parser(expression, context);
  return parser.whole();
}

class Parser {
  private readonly tokens: string[] = [];
  private position = 0;

  constructor(
    expression: string,
    private readonly context: Context,
  ) {
    TOKEN.lastIndex = 0;
    for (const text = expression.trimEnd(); TOKEN.lastIndex < text.length;) {
      const start = TOKEN.lastIndex;
      const [, token] = TOKEN.exec(text) ?? [];
      if (token === undefined) throw new Error(`not understood: ${text.slice(start)}`);
      this.tokens.push(token);
    }
  }

  whole(): Value {
    const value = this.or();
    if (this.position < this.tokens.length) throw new Error(`not understood: ${this.tokens.join(' ')}`);
    return value;
  }

  private or(): Value {
    let value = this.and();
    while (this.take('||')) {
      const other = this.and();
      value = isTrue(value) ? value : other;
    }
    return value;
  }

  private and(): Value {
    let value = this.comparison();
    while (this.take('&&')) {
      const other = this.comparison();
      value = isTrue(value) ? other : value;
    }
    return value;
  }

  private comparison(): Value {
    const value = this.unary();
    if (this.take('==')) return value === this.unary();
    if (this.take('!=')) return value !== this.unary();
    return value;
  }

  private unary(): Value {
    if (this.take('!')) return !isTrue(this.unary());
    if (!this.take('(')) return this.primary();
    const value = this.or();
    this.expect(')');
    return value;
  }

  private primary(): Value {
    const token = this.tokens[this.position++] ?? '';
    if (token.startsWith("'")) return token.slice(1, -1).replaceAll("''", "'");
    if (/^\d/.test(token)) return Number(token);
    if (this.take('(')) return this.call(token);
    return token.split('.').reduce<Value>(memberOf, this.context);
  }

  private call(name: string): Value {
    const values: Value[] = [];
    while (!this.take(')')) {
      values.push(this.or());
      this.take(',');
    }
    const known = FUNCTIONS[name];
    if (known === undefined) throw new Error(`${name}() is not understood`);
    return known(...values);
  }

  private take(token: string): boolean {
    const found = this.tokens[this.position] === token;
    if (found) this.position += 1;
    return found;
  }

  private expect(token: string): void {
    if (!this.take(token)) throw new Error(`${token} is missing in ${this.tokens.join(' ')}`);
  }
}

const asText = (value: Value) => (typeof value === 'string' ? value : JSON.stringify(value ?? '').replace(/^""$/, ''));

const isTrue = (value: Value) => ![undefined, null, false, 0, ''].includes(value as never);

const memberOf = (value: Value, key: string): Value =>
  typeof value === 'object' && value !== null ? (value as Record<string, Value>)[key] : undefined;
