import { UserError } from '../../shared/errors';
import { DeploymentJson } from '../state/codec';
import { StackReference, qualifiedName } from './stack-reference';

const FORMAT_VERSION = 3;

/** The deployment in the contents of a stack's state file; undefined for a stack that was never updated. */
export function parseCheckpoint(contents: Buffer, file: string): DeploymentJson | undefined {
  refuseCompressed(contents, file);
  const { version, features = [], checkpoint, latest } = parse(contents, file);
  if (!checkpoint?.latest && !latest) return undefined;
  if (version !== FORMAT_VERSION || features.length > 0) {
    const needs = features.length > 0 ? ` (features: ${features.join(', ')})` : '';
    throw new UserError(
      `${file} has format version ${version ?? 'none'}${needs}, the embedded engine knows version ${FORMAT_VERSION}. ` +
        'Use the Pulumi CLI for this stack.',
    );
  }
  if (typeof checkpoint !== 'object')
    throw new UserError(`${file} is not a state file of Pulumi: it has no "checkpoint".`);
  return checkpoint.latest ?? undefined;
}

/** A state file's contents. @param deployment JSON text; undefined for a stack without any update */
export function checkpointText(reference: StackReference, deployment: Buffer | undefined): Buffer {
  const head = `{"version":${FORMAT_VERSION},"checkpoint":{"stack":${JSON.stringify(qualifiedName(reference))}`;
  if (!deployment) return Buffer.from(`${head}}}`);
  return Buffer.concat([Buffer.from(`${head},"latest":`), deployment, Buffer.from('}}')]);
}

interface VersionedCheckpoint {
  version?: number;
  features?: string[];
  checkpoint?: { latest?: DeploymentJson };
  /** Where files without a version have it. */
  latest?: unknown;
}

function parse(contents: Buffer, file: string): VersionedCheckpoint {
  try {
    const json: unknown = JSON.parse(contents.toString());
    if (typeof json === 'object' && json !== null) return json;
  } catch {
    // Said below: JSON.parse's message would quote from the state.
  }
  throw new UserError(
    `${file} is damaged: it is not a JSON object. The state before the last write is in ${file}.bak.`,
  );
}

function refuseCompressed(contents: Buffer, file: string): void {
  const magic = contents.subarray(0, 4).toString('hex');
  if (!magic.startsWith('1f8b') && magic !== '28b52ffd') return;
  throw new UserError(
    `${file} is compressed, which the embedded engine does not read. Have the Pulumi CLI write it plain: unset ` +
      'PULUMI_DIY_BACKEND_GZIP and run `pulumi stack export | pulumi stack import`.',
  );
}
