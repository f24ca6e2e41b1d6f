/** The door for whoever serves this provider to the pulumi CLI. */
export { decode, encode } from '../../values/wire';
export type { CheckResult, DiffKind, DiffResult, Provider } from '../provider';
export { RandomProvider } from './provider';
