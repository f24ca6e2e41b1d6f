/** Proves that what is bound can be run. */
export { type Finding, linesOf } from './finding';
export type { Governed } from './governed';
export { prove } from './prove';
export { connectServices as connect } from '../provider/services/services';
