import type { Scenario } from '../scenario';
import { FIRST_UP } from './first-up';
import { PREVIEWS } from './previews';
import { REFUSALS } from './refusals';
import { SHAPES } from './shapes';

/** In the order in which they run. */
export const SCENARIOS: readonly Scenario[] = [FIRST_UP, PREVIEWS, SHAPES, REFUSALS];
