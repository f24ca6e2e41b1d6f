import type { Colors } from 'picocolors/types';
import { changeLines, createdLines, paintLine } from './change-lines';
import type { SecretMask } from './mask';
import { changesOf } from './property-changes';
import type { ResourceNode } from './run-model';

/** What happens to a resource's properties, in full: all of a new one, the differences of one that stays. */
export function resourceDiffLines({ op, step }: ResourceNode, mask: SecretMask, colors: Colors): string[] {
  const lines =
    op === 'create' && step.new
      ? createdLines(step.new.inputs, mask)
      : changesOf(step).flatMap((change) => changeLines(change, mask));
  return lines.map((line) => paintLine(line, colors));
}
