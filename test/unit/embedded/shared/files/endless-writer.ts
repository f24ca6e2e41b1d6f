import { writeAtomically } from '../../../../../embedded/shared/files/atomic-file';

/** Writes a file again and again, all of it the one letter or all the other, and says so each time, until it is killed. */
async function writeForever(file: string): Promise<never> {
  for (let round = 0; ; round += 1) {
    const writing = writeAtomically(file, (round % 2 ? 'b' : 'a').repeat(4_000_000), 'the test');
    process.stdout.write('writing\n');
    await writing;
  }
}

void writeForever(process.argv[2] ?? '');
