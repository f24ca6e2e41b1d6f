import type { Difference } from './compare/difference';
import type { Stage } from './stage/stage';

/** One thing in which both engines have to be alike. */
export interface Scenario {
  /** For --only: words with hyphens. */
  readonly name: string;
  /** What is alike, as --list says it. */
  readonly title: string;
  /**
   * Finds the stack up as stacks/Pulumi.dev.yaml has it, and may leave it in any state that an `up` mends.
   * @returns what one engine did otherwise than the other
   * @throws Error if something could not even be tried: that fails the scenario as well
   */
  run(stage: Stage): Promise<readonly Difference[]>;
}
