import { createColors } from 'picocolors';
import type { Display, DisplayOptions } from './display';
import { EventStream } from './event-stream';
import { PlainDisplay } from './plain-display';
import { PreviewDigest } from './preview-digest';
import { TreeDisplay } from './tree-display';

export type { Display, DisplayOptions } from './display';

/** The display for what the run is shown on. Colours are left out where the environment has NO_COLOR. */
export function createDisplay(options: DisplayOptions): Display {
  const colors = createColors(options.color && !process.env.NO_COLOR);
  if (options.json) return options.preview ? new PreviewDigest(options) : new EventStream(options);
  return options.isTTY ? new TreeDisplay(options, colors) : new PlainDisplay(options, colors);
}
