/** Encrypts and decrypts what a state or a stack file keeps secret. */
export interface SecretsManager {
  /** `secrets_providers.type` of a deployment. */
  readonly type: string;
  /** `secrets_providers.state` of a deployment: what another process needs, besides the key itself, to decrypt. */
  readonly state: { readonly salt: string };
  encrypt(plaintext: string): string;
  /** @throws Error if the ciphertext was made with another key or is damaged */
  decrypt(ciphertext: string): string;
}
