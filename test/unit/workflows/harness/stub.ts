import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

/** Programs that stand before others on the PATH, and remember how they were called. */
export class Stubs {
  private constructor(private readonly directory: string) {}

  static async create(): Promise<Stubs> {
    const directory = await mkdtemp(path.join(tmpdir(), 'aios-stubs-'));
    await mkdir(path.join(directory, 'bin'));
    return new Stubs(directory);
  }

  get environment(): Record<string, string> {
    return { PATH: `${path.join(this.directory, 'bin')}:${process.env.PATH ?? ''}` };
  }

  /** @param script what it does after that, in bash */
  async add(program: string, script = ''): Promise<void> {
    const file = path.join(this.directory, 'bin', program);
    const remember = `printf '%s\\n' "$(printf '%s|' "$@")" >> '${this.callsOf(program)}'`;
    await writeFile(file, `#!/bin/bash\n${remember}\n${script}\n`, { mode: 0o755 });
  }

  /** The arguments of each call. */
  async calls(program: string): Promise<string[][]> {
    const text = await readFile(this.callsOf(program), 'utf8').catch(() => '');
    return text
      .split('\n')
      .filter(Boolean)
      .map((line) => line.split('|').slice(0, -1));
  }

  async remove(): Promise<void> {
    await rm(this.directory, { recursive: true, force: true });
  }

  private readonly callsOf = (program: string) => path.join(this.directory, `${program}.calls`);
}
