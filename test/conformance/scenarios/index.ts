import type { Scenario } from '../scenario';
import { CHANGES } from './changes';
import { DRIFT } from './drift';
import { FAILED_UP, INTERRUPTED_UP } from './failures';
import { FIRST_UP } from './first-up';
import { PLUGIN } from './plugin';
import { PREVIEWS } from './previews';
import { REFUSALS } from './refusals';
import { SHAPES } from './shapes';
import { RENAME } from './rename';
import { SECRETS } from './secrets';

/** In the order in which they run: the last one leaves volumes that grew, and grown ones never shrink. */
export const SCENARIOS: readonly Scenario[] = [
  FIRST_UP,
  SECRETS,
  PREVIEWS,
  SHAPES,
  REFUSALS,
  DRIFT,
  RENAME,
  PLUGIN,
  FAILED_UP,
  INTERRUPTED_UP,
  CHANGES,
];
