import { readFileSync } from 'node:fs';
import path from 'node:path';

const CHECKOUT = path.resolve(__dirname, '..');

const BLOCK_OR_INLINE = /^```sh\n([^]*?)^```$|^```[^]*?^```$|`([^`]+)`/gm;

/** The kubectl commands that a page quotes, inline or in a block, in its order, as a shell would be given them. */
export function kubectlCommands(page: string): string[] {
  const text = readFileSync(path.join(CHECKOUT, page), 'utf8');
  const quoted = [...text.matchAll(BLOCK_OR_INLINE)].flatMap(([, block, inline]) =>
    // Inline code may go on in the next line.
    block === undefined ? [(inline ?? '').replaceAll('\n', ' ')] : commandsIn(block),
  );
  return quoted.filter((command) => command.startsWith('kubectl '));
}

/** A block's commands: what begins at the margin, with the lines that go on with it or are its input. */
function commandsIn(block: string): string[] {
  return [...block.matchAll(/^\S.*<<'(\w+)'\n[^]*?^\1$|^\S.*(?:\n[ \t].*)*/gm)].map(([command]) => command);
}
