import type { Cluster } from '../../embedded/cluster';
import type { Contest, Run } from './turns';

/** What a part of the benchmark works with. */
export interface Bench {
  cluster: Cluster;
  /** A temporary folder, for the owner only. */
  folder: string;
  /** How often everything is measured. */
  runs: number;
  usePulumi: boolean;
  run: Run;
  /** Says why something is left out. */
  skip: (sentence: string) => void;
}

/** What came out of a part. */
export interface Outcome {
  title: string;
  /** What one has to know to judge the numbers. */
  note: string;
  contests: Contest[];
}
