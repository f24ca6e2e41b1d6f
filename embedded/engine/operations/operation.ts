import type { Display } from '../display/display';
import type { SummaryEvent } from '../display/events';

/** How an operation is to be done. */
export interface OperationOptions {
  /** How many resource operations run at once. */
  parallel: number;
  /** Aborted by Ctrl-C. */
  signal: AbortSignal;
  display: Display;
  /** Computes and shows, changes nothing. */
  preview: boolean;
  /** Brings the state in line with the world before anything else. Default: what `options.refresh` of Pulumi.yaml says. */
  refreshFirst?: boolean;
  /** The policy packs that judge what the program wants: as the user has named them, and where they are. */
  policyPacks?: readonly { name: string; folder: string }[];
}

/** What an operation came to. */
export type OperationEnd = Pick<SummaryEvent, 'result' | 'changes'>;
