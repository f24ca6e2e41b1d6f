import { readdirSync } from 'node:fs';
import path from 'node:path';
import { DIAGRAM_ENVIRONMENT } from '../../operations/diagram/environment';
import { svgOf } from '../../operations/diagram/svg';
import { topologyOf } from '../../operations/diagram/topology';
import { readStack } from '../../operations/verify/stack-file';
import { goldenText } from './golden-file';

const ROOT = path.join(__dirname, '../..');
const IMAGES = path.join(ROOT, 'docs/images');

const pictures = readdirSync(IMAGES).flatMap((file) => /^topology-(.+)\.svg$/.exec(file)?.[1] ?? []);

test.each(pictures)('the picture of stack %s is the one of its file (UPDATE_GOLDEN=1 rewrites it)', (stack) => {
  const actual = svgOf(topologyOf(readStack(ROOT, stack, DIAGRAM_ENVIRONMENT)));
  // The two would fill a screen, and say no more than that they differ.
  expect(actual === goldenText(path.join(IMAGES, `topology-${stack}.svg`), actual)).toBe(true);
});
