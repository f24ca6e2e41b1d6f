import { Secret, Unknown, type Value, isPropertyMap, mapValues } from '../values/value';
import { UNKNOWN_SENTINEL } from '../values/wire';

export const MASKED = '[secret]';

/** Shorter secrets would turn ordinary words into masks. */
const SHORTEST_MASKED = 6;
/** Of a secret of several lines (a key, a kubeconfig) a message may hold a single one; shorter ones say nothing. */
const SHORTEST_MASKED_LINE = 16;

/**
 * Takes known secrets out of free text, such as the messages of programs and providers: as they are, and as they look inside
 * JSON, URLs and base64.
 */
export class SecretMask {
  private readonly unread: Value[] = [];
  private readonly texts = new Set<string>();
  private pattern: RegExp | undefined;

  /** Remembers the secrets of a value. Looking for them waits until there is something to mask. */
  learn(value: Value): void {
    this.unread.push(value);
  }

  apply(text: string): string {
    if (this.unread.length > 0) this.readAll();
    return this.pattern ? text.replace(this.pattern, MASKED) : text;
  }

  /** The value without the secrets inside its texts; what is marked secret stays marked. */
  applyTo(value: Value): Value {
    if (typeof value === 'string') return this.apply(value);
    if (Array.isArray(value)) return value.map((item) => this.applyTo(item));
    return isPropertyMap(value) ? mapValues(value, (item) => this.applyTo(item)) : value;
  }

  private readAll(): void {
    const before = this.texts.size;
    const seen = new Set<Value>();
    for (const value of this.unread.splice(0)) this.read(value, false, seen);
    if (this.texts.size === before) return;
    // The longest first, or a part would be masked and the rest of the whole left readable.
    const longestFirst = [...this.texts].sort((a, b) => b.length - a.length);
    this.pattern = new RegExp(longestFirst.map(escape).join('|'), 'g');
  }

  private read(value: Value, secret: boolean, seen: Set<Value>): void {
    if (typeof value === 'object' && value !== null) {
      // Old and new sides of a step mostly share their values.
      if (!secret && seen.has(value)) return;
      seen.add(value);
    }
    if (value instanceof Secret) this.read(value.value, true, seen);
    else if (value === null || value instanceof Unknown || typeof value === 'boolean') return;
    else if (Array.isArray(value)) value.forEach((item) => this.read(item, secret, seen));
    else if (typeof value === 'object') Object.values(value).forEach((item) => this.read(item, secret, seen));
    else if (secret) this.add(String(value));
  }

  private add(text: string): void {
    if (text.length < SHORTEST_MASKED) return;
    for (const form of spellings(text)) this.texts.add(form);
    const lines = text.split(/\r?\n/).map((line) => line.trim());
    if (lines.length > 1) lines.filter((line) => line.length >= SHORTEST_MASKED_LINE).forEach((l) => this.texts.add(l));
  }
}

function spellings(text: string): string[] {
  const base64 = Buffer.from(text).toString('base64');
  const forms = [text, JSON.stringify(text).slice(1, -1), encodeURIComponent(text), base64];
  return [...forms, decoded(text)].filter((form) => form.length >= SHORTEST_MASKED);
}

/** What a base64 text (a value of a Kubernetes Secret) says, if it is one. */
function decoded(text: string): string {
  if (text.length % 4 !== 0 || !/^[A-Za-z0-9+/]+={0,2}$/.test(text)) return '';
  const plain = Buffer.from(text, 'base64').toString('utf8');
  return /^[\t\n\r\x20-\x7e]+$/.test(plain) ? plain : '';
}

const escape = (text: string) => text.replace(/[.*+?^${}()|[\]\\/-]/g, '\\$&');

/** The value for a JSON document: a mask in place of each secret, the protocol's word in place of what is not known yet. */
export function plainOf(value: Value, mask: Value = MASKED): Value {
  if (value instanceof Secret) return mask;
  if (value instanceof Unknown) return UNKNOWN_SENTINEL;
  if (Array.isArray(value)) return value.map((item) => plainOf(item, mask));
  return isPropertyMap(value) ? mapValues(value, (item) => plainOf(item, mask)) : value;
}
