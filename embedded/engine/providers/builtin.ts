import { Provider } from './provider';

/** The providers that are part of the engine, by package; each loaded when a program first asks for it. */
export const builtinProviders: Record<string, () => Promise<Provider>> = {
  kubernetes: async () => new (await import('./kubernetes/provider')).KubernetesProvider(),
  random: async () => new (await import('./random/provider')).RandomProvider(),
};
