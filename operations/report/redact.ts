/** What stands in a report in place of a secret. */
export const SECRET = '[secret]';

/** What only an update makes known. */
const UNKNOWN = '[known after the update]';

/** Keys of Pulumi's wire format: a wrapped secret, and a value that is not known yet. */
const SECRET_KEY = '4dabf18193072939515e22adb298388d';
const UNKNOWN_SENTINELS = new Set([
  '04da6b54-80e4-46f7-96ec-b56ff0331ba9',
  '1c4a061d-8072-4f0a-a4cb-0ff528b18fe7',
  '3eeb2bf0-c639-47a8-9e75-3b44932eb421',
  '6a19a0b0-7e62-4c92-b797-7f8e31da9cc2',
  '030794c1-ac77-496b-92df-f27374a8bd58',
  'e48ece36-62e2-4504-bad9-02848725956a',
  'dd056dcd-154b-4c76-9bd3-c8f88648b5ff',
  '[unknown]',
]);

/** Names whose value is a credential, marked as a secret or not. */
const CREDENTIAL =
  /passw(or)?d|passphrase|secret(?!name|ref|keyref)|token(?!path|s?expiration)|credential|api_?key|access_?key|private_?key|kubeconfig|connection_?string|authorization/i;
/** Keys that only refer to a secret, or say how one is handled. */
const REFERENCE = /^(secretKeyRef|secretName|imagePullSecrets|automountServiceAccountToken|serviceAccountToken)$/;
/** User and password of an address. */
const USERINFO = /(\b[a-z][a-z0-9+.-]*:\/\/)[^/\s@"']+@/gi;
/** No resource goes as deep, and a stack of calls has an end. */
const DEEPEST = 64;
/** A base64 archive: long, and of no use to a reader. */
const ARCHIVE = /^[A-Za-z0-9+/=]{200,}$/;

/**
 * A value as a report may show it. The engine has masked what it knows to be secret; this takes out what it does not know:
 * credentials that somebody wrote in plain text, the data of Secrets, passwords in addresses.
 */
export function redact(value: unknown, key = '', depth = 0): unknown {
  if (typeof value === 'string') return redactText(value, key, depth);
  // Numbers and booleans are no credentials, whatever they are called.
  if (typeof value !== 'object' || value === null) return value;
  if (depth > DEEPEST) return '[…]';
  if (Array.isArray(value)) return value.map((item: unknown) => redact(item, key, depth + 1));
  if (SECRET_KEY in value || isEncrypted(value)) return SECRET;
  const map = value as Record<string, unknown>;
  const entries = Object.entries(map).map(
    ([name, inner]) => [name, redact(inner, keyOf(name, map), depth + 1)] as const,
  );
  return Object.fromEntries(withoutSecretData(map, entries));
}

/** What hides a value: its own name, or that of the variable whose value it is. */
function keyOf(name: string, { name: variable }: Record<string, unknown>): string {
  return name === 'value' && typeof variable === 'string' ? variable : name;
}

function redactText(value: string, key: string, depth: number): string {
  if (UNKNOWN_SENTINELS.has(value)) return UNKNOWN;
  if (value === '' || value === SECRET) return value;
  if (CREDENTIAL.test(key) && !REFERENCE.test(key)) return SECRET;
  if (ARCHIVE.test(value)) return `[archive of ${value.length} characters]`;
  return redactJson(value, depth) ?? value.replace(USERINFO, `$1${SECRET}@`);
}

/** A text that is JSON holds names of its own: the sections of a configuration, maps in variables. */
function redactJson(value: string, depth: number): string | undefined {
  if (!/^\s*[{[]/.test(value)) return undefined;
  try {
    return JSON.stringify(redact(JSON.parse(value), '', depth + 1));
  } catch {
    return undefined;
  }
}

/** As a stack's file has it: `{secure: …}`. */
const isEncrypted = (value: object) =>
  'secure' in value && typeof value.secure === 'string' && Object.keys(value).length === 1;

/** The data of a Secret is one, whether or not the engine was told. */
function withoutSecretData(map: Record<string, unknown>, entries: (readonly [string, unknown])[]) {
  if (map.kind !== 'Secret') return entries;
  return entries.map(([name, inner]) =>
    /^(data|stringData)$/.test(name) ? ([name, masked(inner)] as const) : ([name, inner] as const),
  );
}

function masked(data: unknown): unknown {
  if (typeof data !== 'object' || data === null) return SECRET;
  return Object.fromEntries(Object.keys(data).map((name) => [name, SECRET]));
}

/** Free text: messages of programs and providers, which may hold an address with a password. */
export const redactMessage = (message: string) => message.replace(USERINFO, `$1${SECRET}@`);
