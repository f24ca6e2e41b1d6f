import { UserError } from '../../shared/errors';
import type { DeploymentJson } from '../state/codec';
import { deploymentProblem } from '../state/deployment-shape';
import { parseUrn } from '../state/urn';
import { isMap } from '../values/is-map';
import { type StackReference, qualifiedName } from './stack-reference';

const FORMAT_VERSION = 3;

/** A state file is not whole, or not the stack's. The message says what of it, and nothing else. */
export class DamagedCheckpoint extends Error {}

/**
 * The deployment in the contents of a stack's state file; undefined for a stack that was made and never updated, which has
 * a checkpoint without one.
 *
 * @throws DamagedCheckpoint for whatever is not a whole checkpoint: taken for an empty one, it would be overwritten; and for
 *   another stack's: whatever is in it and not in this program would be deleted
 * @throws UserError for one that only the CLI reads
 */
export function parseCheckpoint(contents: Buffer, file: string, reference: StackReference): DeploymentJson | undefined {
  refuseCompressed(contents, file);
  const { version, features = [], checkpoint } = parse(contents);
  if (typeof version !== 'number') throw new DamagedCheckpoint('it has no format version');
  if (version !== FORMAT_VERSION || !Array.isArray(features) || features.length > 0) {
    const needs = Array.isArray(features) && features.length > 0 ? ` (features: ${features.join(', ')})` : '';
    throw new UserError(
      `${file} has format version ${version}${needs}, the embedded engine knows version ${FORMAT_VERSION}. ` +
        'Use the Pulumi CLI for this stack.',
    );
  }
  if (!isMap(checkpoint)) throw new DamagedCheckpoint('its "checkpoint" is not an object');
  if (typeof checkpoint.stack !== 'string') throw new DamagedCheckpoint('its "checkpoint" names no stack');
  if (!('latest' in checkpoint)) return undefined;
  const problem = deploymentProblem(checkpoint.latest, 'checkpoint.latest');
  if (problem !== undefined) throw new DamagedCheckpoint(problem);
  const latest = checkpoint.latest as DeploymentJson;
  const owner = otherOwner(latest, reference);
  if (owner !== undefined) throw new DamagedCheckpoint(`it is the state of ${owner}, under the name of this stack`);
  return latest;
}

/** Whose the resources are, where one is not the stack's. */
function otherOwner({ resources = [] }: DeploymentJson, { project, stack }: StackReference): string | undefined {
  for (const { urn } of resources as { urn: string }[]) {
    const owner = parseUrn(urn);
    if (owner.project !== project || owner.stack !== stack) return `stack ${owner.stack} of project ${owner.project}`;
  }
  return undefined;
}

/** A state file's contents. @param deployment JSON text; undefined for a stack without any update */
export function checkpointText(reference: StackReference, deployment: Buffer | undefined): Buffer {
  const head = `{"version":${FORMAT_VERSION},"checkpoint":{"stack":${JSON.stringify(qualifiedName(reference))}`;
  if (!deployment) return Buffer.from(`${head}}}`);
  return Buffer.concat([Buffer.from(`${head},"latest":`), deployment, Buffer.from('}}')]);
}

function parse(contents: Buffer): Record<string, unknown> {
  if (contents.length === 0) throw new DamagedCheckpoint('it is empty');
  let json: unknown;
  try {
    json = JSON.parse(contents.toString());
  } catch {
    // JSON.parse's message would quote from the state.
    throw new DamagedCheckpoint('it is not JSON, or only a part of it');
  }
  if (isMap(json)) return json;
  throw new DamagedCheckpoint('it is not a JSON object');
}

function refuseCompressed(contents: Buffer, file: string): void {
  const magic = contents.subarray(0, 4).toString('hex');
  if (!magic.startsWith('1f8b') && magic !== '28b52ffd') return;
  throw new UserError(
    `${file} is compressed, which the embedded engine does not read. Have the Pulumi CLI write it plain: unset ` +
      'PULUMI_DIY_BACKEND_GZIP and run `pulumi stack export | pulumi stack import`.',
  );
}
