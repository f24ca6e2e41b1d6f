import type { Problem } from '../problems';
import type { Resolution } from '../resolve';
import type { Sections } from '../sections';

/** What checks between keys look at: every section that could be read. */
export interface Subject extends Pick<Resolution, 'images' | 'rules' | 'kubeconfigPath'> {
  stack: string;
  sections: Partial<Sections>;
  /** Sections in whose value something is encrypted. */
  secretSections: readonly string[];
  /** Path of the embedded cluster's kubeconfig, while that cluster runs. */
  embeddedKubeconfig?: string;
  /** Whether the simulated services of the network run. */
  embeddedNetwork: boolean;
}

/** A check between keys, or one that the shape of a single value cannot say. */
export type Check = (subject: Subject) => Problem[];
