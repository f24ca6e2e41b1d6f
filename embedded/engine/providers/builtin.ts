import { KubernetesProvider } from './kubernetes/provider';
import type { Provider } from './provider';
import { RandomProvider } from './random/provider';

/** The providers that are part of the engine, by package. */
export const builtinProviders: Record<string, () => Provider> = {
  kubernetes: () => new KubernetesProvider(),
  random: () => new RandomProvider(),
};
