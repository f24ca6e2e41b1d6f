import { Command, CommanderError } from 'commander';
import { USAGE_EXIT, UsageError } from './run-main';

/** A command line with subcommands, each an action that resolves to the exit code. */
export class Commands {
  private readonly program: Command;
  private exitCode = 0;

  /** @param file as users call it, from the checkout */
  constructor(file: string, description: string) {
    this.program = new Command(`node --require tsx/cjs ${file}`)
      .description(description)
      .exitOverride()
      // What is wrong is thrown, and told by whoever runs the command line.
      .configureOutput({ outputError: () => undefined })
      .helpCommand(false)
      .helpOption('-h, --help', 'show this text');
  }

  /**
   * @param options flags (`--directory <folder>`) and what they mean
   * @param act is given the options by their names in camel case
   */
  add(
    name: string,
    description: string,
    options: Readonly<Record<string, string>>,
    act: (options: never) => Promise<number>,
  ): this {
    const command = this.program.command(name).description(description).allowExcessArguments(false);
    for (const [flags, meaning] of Object.entries(options)) command.option(flags, meaning);
    command.action(async (given: object) => {
      this.exitCode = await act(given as never);
    });
    return this;
  }

  /** Adds a paragraph to the end of the help. */
  explain(text: string): this {
    this.program.addHelpText('after', `\n${text}`);
    return this;
  }

  /**
   * @returns the exit code
   * @throws UsageError for a command line that cannot be meant
   */
  async run(args: readonly string[]): Promise<number> {
    try {
      await this.program.parseAsync(args, { from: 'user' });
      return this.exitCode;
    } catch (error) {
      if (!(error instanceof CommanderError)) throw error;
      if (error.exitCode === 0) return 0; // the help that was asked for
      if (error.code === 'commander.help') return USAGE_EXIT; // no command: the help was shown
      throw new UsageError(error.message.replace(/^error: /, '').replace(/\n/g, ' '));
    }
  }
}
