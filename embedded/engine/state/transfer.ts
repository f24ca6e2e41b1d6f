import type { StackReference } from '../backend/stack-reference';
import { UserError } from '../../shared/errors';
import type { SecretsManager } from '../secrets/passphrase';
import { isMap } from '../values/is-map';
import type { Value } from '../values/value';
import { type DeploymentJson, StateCodec } from './codec';
import { decrypterOf, saltOf } from './decrypter';
import { deploymentProblem } from './deployment-shape';
import { findDamage } from './integrity';
import { type Manifest, magicOf, makeManifest } from './manifest';
import type { PendingOperation, StackState } from './resource-state';
import { reviveSecrets, secretRecord } from './secret-record';

const FORMAT_VERSION = 3;

/**
 * A stack's state as `stack export` prints it.
 *
 * @param deployment as the backend has it; undefined for a stack without any update
 * @param revealWith decrypts the secrets: they are then printed in plain text
 * @throws UserError if it cannot
 */
export function exportState(deployment: DeploymentJson | undefined, revealWith?: SecretsManager): string {
  const exported = structuredClone(deployment ?? { manifest: makeManifest(new Date()) });
  if (revealWith) revealSecrets(exported, revealWith);
  return `${JSON.stringify({ version: FORMAT_VERSION, deployment: exported }, undefined, 4)}\n`;
}

function revealSecrets(deployment: DeploymentJson, secrets: SecretsManager): void {
  const salt = saltOf(deployment);
  if (salt !== undefined && salt !== secrets.state.salt) {
    throw new UserError(
      'The state\'s secrets were encrypted with another encryptionsalt than the stack\'s file has. Run "up" once, which ' +
        'encrypts them anew.',
    );
  }
  reviveSecrets(deployment as Value, (content) =>
    secretRecord('plaintext' in content ? content : { plaintext: asGoWrites(secrets.decrypt(content.ciphertext)) }),
  );
}

/** JSON as the CLI prints what it decrypts: Go escapes what HTML gives a meaning to. */
function asGoWrites(json: string): string {
  return json.replace(/[<>&\u2028\u2029]/g, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

export interface ImportOptions {
  reference: StackReference;
  /** What the stack's state is written with. */
  secrets: SecretsManager;
  /** For a file whose secrets were encrypted with another salt. */
  passphrase: string;
}

export interface Imported {
  state: StackState;
  /** Operations that had begun when the file was made; like the CLI's, the import forgets them. */
  dropped: PendingOperation[];
}

/**
 * The state in a file that `stack export` printed, of this engine or the CLI.
 *
 * @throws UserError saying why the file can't be the stack's state
 */
export async function importState(text: string, { reference, secrets, passphrase }: ImportOptions): Promise<Imported> {
  const deployment = parseExport(text);
  const decrypter = await decrypterOf(deployment, secrets, passphrase, 'the file to import');
  const { pending, ...state } = new StateCodec(secrets).decode(deployment, decrypter);
  for (const { urn } of state.resources) refuseForeign(urn, reference);
  const damage = findDamage(state.resources);
  if (damage !== undefined) throw new UserError(`The file to import is damaged: ${damage}.`);
  return { state: { ...state, pending: [] }, dropped: pending };
}

function parseExport(text: string): DeploymentJson {
  const { version, deployment } = parseObject(text);
  if (version !== FORMAT_VERSION) {
    const found = typeof version === 'number' ? `version ${version}` : 'no version';
    throw new UserError(
      `The file to import has ${found} of the deployment format, not ${FORMAT_VERSION}: export it with a current Pulumi CLI.`,
    );
  }
  const problem = deploymentProblem(deployment, 'deployment');
  if (problem !== undefined) throw new UserError(`The file to import is damaged: ${problem}.`);
  const { manifest } = deployment as { manifest?: Partial<Manifest> };
  if (manifest?.magic !== magicOf(manifest?.version ?? '')) {
    throw new UserError(
      'The file to import is not intact: manifest.magic is not the SHA-256 of manifest.version. Export the stack again.',
    );
  }
  return deployment as DeploymentJson;
}

function parseObject(text: string): Record<string, unknown> {
  try {
    const json: unknown = JSON.parse(text);
    if (isMap(json)) return json;
  } catch {
    // Said below: JSON.parse's message would quote from the file, which may hold secrets.
  }
  throw new UserError('The file to import is not a JSON object.');
}

function refuseForeign(urn: string, { project, stack }: StackReference): void {
  if (urn.startsWith(`urn:pulumi:${stack}::${project}::`)) return;
  throw new UserError(
    `The file to import is of another stack: ${urn} is not of stack ${stack} of project ${project}. ` +
      'Import it into the stack that it was exported from.',
  );
}
