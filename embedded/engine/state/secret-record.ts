import { UserError } from '../../shared/errors';
import { SIGNATURE_KEY, SIGNATURES } from '../values/wire';
import type { PropertyMap, Value } from '../values/value';

/** What a state file has in place of a secret's value: JSON text, encrypted, or plain in exports that show secrets. */
export type SecretContent = { ciphertext: string } | { plaintext: string };

/** A secret as a state file spells it. */
export const secretRecord = (content: SecretContent): PropertyMap => ({
  [SIGNATURE_KEY]: SIGNATURES.secret,
  ...content,
});

/** Gives what takes the place of a secret's record; `path` is where it stands. */
export type OpenSecret = (content: SecretContent, path: readonly string[]) => Value;

/** Replaces the records of secrets in freshly parsed JSON, in place, at any depth. */
export function reviveSecrets(json: Value, open: OpenSecret, path: string[] = []): Value {
  if (typeof json !== 'object' || json === null) return json;
  const members = json as PropertyMap;
  if (members[SIGNATURE_KEY] === SIGNATURES.secret) return open(contentOf(members, path), path);
  for (const [key, value] of Object.entries(members)) {
    if (typeof value !== 'object' || value === null) continue;
    path.push(key);
    members[key] = reviveSecrets(value, open, path);
    path.pop();
  }
  return json;
}

/** The value that the plaintext of a secret means. Secrets within it, whose "ciphertext" is plain there, are laid bare. */
export function parsePlaintext(plaintext: string): Value {
  const layBare: OpenSecret = (content) =>
    parsePlaintext('ciphertext' in content ? content.ciphertext : content.plaintext);
  return reviveSecrets(JSON.parse(plaintext) as Value, layBare);
}

function contentOf({ ciphertext, plaintext }: PropertyMap, path: string[]): SecretContent {
  if (typeof ciphertext === 'string') return { ciphertext };
  if (typeof plaintext === 'string') return { plaintext };
  throw new UserError(
    `The state is damaged: the secret at ${path.join('.')} has neither a ciphertext nor a plaintext.`,
  );
}
