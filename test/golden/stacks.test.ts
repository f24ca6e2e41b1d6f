import * as path from 'node:path';
import type { ProgramRun } from '../pulumi-mocks';
import { describeRun, goldenText } from './golden-file';
import { runStack } from './stack-program';

describe.each(['dev', 'staging', 'prod'])('stack %s', (stack) => {
  let run: ProgramRun;
  beforeAll(async () => {
    run = await runStack(stack);
  });

  test('registers the resources of its golden file (UPDATE_GOLDEN=1 rewrites it)', () => {
    const actual = describeRun(run);
    const file = path.join(__dirname, 'snapshots', `${stack}.yaml`);
    expect(actual).toBe(goldenText(file, actual));
  });
});
