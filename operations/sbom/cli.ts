import { writeFile } from 'node:fs/promises';
import { UserError, runCommand } from '../command-line';
import { sbomOf } from './sbom';

const USAGE = `Usage: make sbom [FILE=sbom.cdx.json]

Prints what the program is made from as CycloneDX 1.5 (JSON): its npm dependencies and theirs, of all platforms, with versions,
licenses and checksums, as package-lock.json has them. The same lock file makes the same bytes. What tests and lint use is not in it,
nor are images: make images ARGS=--json lists those.

  --output FILE  writes it there

Exit code: 0 done, 2 it could not be made
`;

runCommand(USAGE, { output: { type: 'string' } }, async ({ values, positionals }) => {
  if (positionals.length > 0) throw new UserError(`${positionals[0] ?? ''}: it takes no arguments (see --help)`);
  if (process.stderr.isTTY) process.stderr.write('Reading package-lock.json\n');
  const text = `${JSON.stringify(await sbomOf(process.cwd()), null, 2)}\n`;
  if (values.output === undefined) process.stdout.write(text);
  else await save(values.output, text);
  return 0;
});

async function save(file: string, text: string): Promise<void> {
  await writeFile(file, text).catch((error: unknown) => {
    throw new UserError(`${file} cannot be written: ${(error as Error).message}`);
  });
}
