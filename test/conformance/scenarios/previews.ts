import type { Difference } from '../compare/difference';
import type { Scenario } from '../scenario';
import { comparePreviews } from '../stage/previews';
import { apply, EDITS } from './configuration-edits';

/** Of every change of the configuration both previews say the same. */
export const PREVIEWS: Scenario = {
  name: 'previews',
  title: `of ${EDITS.length} changes of the configuration both name the same resources, operations, reasons and paths`,
  async run(stage) {
    const differences: Difference[] = [];
    for (const edit of EDITS) {
      await stage.workspace.configure((sections) => apply(sections, edit));
      differences.push(...(await comparePreviews(stage, edit.name)));
    }
    return differences;
  },
};
