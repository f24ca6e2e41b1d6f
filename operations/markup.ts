const ENTITIES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

/** What no XML document may hold, not even as entities, and what turns the direction of the text that follows. */
// eslint-disable-next-line no-control-regex
const FORBIDDEN = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;

/** A text as it stands in SVG and HTML, between tags or as an attribute's value. */
export function escapeXml(text: string): string {
  return text.replace(FORBIDDEN, '\ufffd').replace(/[&<>"']/g, (character) => ENTITIES[character] ?? character);
}

/** Attributes in the order given; those without a value are left out. */
type Attributes = Readonly<Record<string, string | number | undefined>>;

/** An element. @param content markup, escaped already */
export function element(name: string, attributes: Attributes, content?: string | readonly string[]): string {
  const written = Object.entries(attributes).flatMap(([key, value]) =>
    value === undefined ? [] : ` ${key}="${escapeXml(typeof value === 'number' ? number(value) : value)}"`,
  );
  const inner = typeof content === 'string' ? content : content?.join('');
  return inner === undefined ? `<${name}${written.join('')}/>` : `<${name}${written.join('')}>${inner}</${name}>`;
}

/** Two decimals at most: the same bytes on every machine. */
const number = (value: number) => String(Math.round(value * 100) / 100);
