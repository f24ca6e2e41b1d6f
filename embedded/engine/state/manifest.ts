import { createHash } from 'node:crypto';
import { timestamp } from './timestamp';

/** The CLI whose format this engine writes. */
const PULUMI_VERSION = 'v3.260.0';

export interface Manifest {
  time: string;
  /** By which the CLI recognises a deployment that was not changed by hand. */
  magic: string;
  version: string;
}

export const makeManifest = (time: Date): Manifest => ({
  time: timestamp(time),
  magic: magicOf(PULUMI_VERSION),
  version: PULUMI_VERSION,
});

export const magicOf = (version: string) => createHash('sha256').update(version).digest('hex');
