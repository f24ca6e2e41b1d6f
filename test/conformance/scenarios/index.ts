import type { Scenario } from '../scenario';
import { FIRST_UP } from './first-up';
import { PREVIEWS } from './previews';

/** In the order in which they run. */
export const SCENARIOS: readonly Scenario[] = [FIRST_UP, PREVIEWS];
