import { existsSync } from 'node:fs';
import path from 'node:path';
import { formatSeconds, type OnProgress } from '../cli/progress';

/** Says how far a build is, from what Go prints. */
export class BuildReport {
  /** How many packages there are, once that is known. Those that Go has in its cache are not compiled again. */
  total: number | undefined;
  private readonly start = performance.now();
  private downloaded = 0;
  private compiled = 0;

  /** @param programs files that come into being, absolute */
  constructor(
    private readonly programs: readonly string[],
    private readonly onProgress: OnProgress,
  ) {}

  readonly line = (line: string): void => {
    if (line.startsWith('go: downloading ')) this.downloaded += 1;
    else if (!line.startsWith('#')) this.compiled += 1;
  };

  readonly update = (): void => {
    const linked = this.programs.filter((program) => existsSync(program)).length;
    const parts = [
      ...(this.downloaded > 0 ? [`${this.downloaded} modules downloaded`] : []),
      ...(this.total ? [`${this.compiled} of at most ${this.total} packages compiled`] : []),
      `${linked} of ${this.programs.length} programs linked`,
    ];
    this.onProgress({ kind: 'update', text: `  ${this.elapsed()}: ${parts.join(', ')}` });
  };

  elapsed(): string {
    return formatSeconds((performance.now() - this.start) / 1000);
  }
}

/** Where Go puts a program: it is named after the last part of its package's path that is not a major version. */
export function builtName(goPackage: string): string {
  return path.basename(goPackage.replace(/\/v\d+$/, ''));
}
