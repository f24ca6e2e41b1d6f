import type { PropertyMap } from './values/value';

export { cancelAhead, startAhead } from './language/program';

// The engine is loaded when it is needed, and not before: that takes as long as to start the program.

/** Runs a command line of the engine. @returns the exit code; users' errors have been printed */
export function runEngine(args: string[]): Promise<number> {
  return (require('./cli/main') as typeof import('./cli/main')).main(args);
}

/** @throws UserError for what a command line of the engine has and it does not know */
export function checkArguments(args: string[]): void {
  (require('./cli/options') as typeof import('./cli/options')).parseCommandLine(args);
}

/** Outputs of a stack's program, as of the last update. @throws UserError if there is no such stack */
export async function outputsOf(directory: string, stack: string): Promise<PropertyMap> {
  const { openStack } = require('./operations/stack') as typeof import('./operations/stack');
  return (await openStack(directory, stack)).outputs();
}

/** Encrypts for a stack file as `pulumi config set --secret` does. Its salt is the file's `encryptionsalt`. */
export async function stackFileSealer(passphrase: string): Promise<{ salt: string; encrypt(text: string): string }> {
  const { PassphraseSecrets } = require('./secrets/passphrase') as typeof import('./secrets/passphrase');
  const secrets = await PassphraseSecrets.create(passphrase);
  return { salt: secrets.state.salt, encrypt: (text) => secrets.encrypt(text) };
}
