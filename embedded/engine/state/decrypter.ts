import { UserError } from '../../shared/errors';
import { PassphraseSecrets, type SecretsManager } from '../secrets/passphrase';
import type { DeploymentJson } from './codec';

/**
 * What a deployment's secrets can be decrypted with: `secrets` if it was written with them, else others of the same
 * passphrase.
 *
 * @param where what the deployment is, for messages
 * @throws UserError if the passphrase is another one
 */
export async function decrypterOf(
  deployment: DeploymentJson,
  secrets: SecretsManager,
  passphrase: string,
  where: string,
): Promise<SecretsManager> {
  const salt = saltOf(deployment);
  return salt === undefined || salt === secrets.state.salt ? secrets : PassphraseSecrets.open(salt, passphrase, where);
}

/**
 * The salt of the passphrase secrets that a deployment was written with; undefined if it has no secrets provider.
 *
 * @throws UserError if it was written with another provider
 */
export function saltOf(deployment: DeploymentJson): string | undefined {
  const provider = deployment.secrets_providers as { type?: string; state?: { salt?: string } } | undefined;
  if (provider?.type === undefined || provider.type === '') return undefined;
  if (provider.type === PassphraseSecrets.type && provider.state?.salt !== undefined) return provider.state.salt;
  throw new UserError(
    `The state's secrets are encrypted by the secrets provider "${provider.type}"; the embedded engine knows "passphrase" ` +
      'only. Change it with `pulumi stack change-secrets-provider passphrase`, or run this with the Pulumi CLI.',
  );
}
