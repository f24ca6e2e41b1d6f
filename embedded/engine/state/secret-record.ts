import { signatureKey, signatures } from '../values/wire';
import { PropertyMap, Secret, Value, reveal } from '../values/value';

/** A secret as a state file spells it. */
export interface SecretRecord {
  [signatureKey]: typeof signatures.secret;
  ciphertext?: string;
  plaintext?: string;
}

export function secretRecord(content: { ciphertext: string } | { plaintext: string }): SecretRecord {
  return { [signatureKey]: signatures.secret, ...content };
}

/** Turns the record of a secret into the secret; `path` is where it stands. */
export type OpenSecret = (record: Partial<SecretRecord>, path: readonly string[]) => Secret;

/** Replaces the records of secrets in freshly parsed JSON, in place, at any depth. */
export function reviveSecrets(json: Value, open: OpenSecret, path: string[] = []): Value {
  if (typeof json !== 'object' || json === null) return json;
  const members = json as PropertyMap;
  if (members[signatureKey] === signatures.secret) return open(members, path);
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
  const open: OpenSecret = (record) => new Secret(parsePlaintext(record.ciphertext ?? record.plaintext ?? 'null'));
  return reveal(reviveSecrets(JSON.parse(plaintext) as Value, open));
}
