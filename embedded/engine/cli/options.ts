import { parseArgs } from 'node:util';
import { EXIT } from '../exit-codes';
import { UserError } from '../../shared/errors';

/** Options as `util.parseArgs` takes them, with what `--help` says of them. */
const OPTIONS = {
  stack: { type: 'string', short: 's', help: 'NAME  the stack to work on' },
  cwd: { type: 'string', short: 'C', help: "DIR  the project's folder (default: the working directory)" },
  yes: { type: 'boolean', short: 'y', help: 'apply without a preview and without asking' },
  'preview-only': { type: 'boolean', help: 'show what refresh or destroy would do, and change nothing' },
  refresh: {
    type: 'boolean',
    short: 'r',
    help: 'look for drift first: compare with the world, not with the last update',
  },
  diff: { type: 'boolean', help: 'show every changed property with its old and new value' },
  json: { type: 'boolean', short: 'j', help: 'print one JSON document' },
  parallel: { type: 'string', short: 'p', help: 'N  resource operations at a time (default: 32)' },
  'expect-no-changes': { type: 'boolean', help: `exit with ${EXIT.changesFound} if there is any change` },
  'suppress-outputs': { type: 'boolean', help: "leave out the stack's outputs" },
  'show-secrets': { type: 'boolean', help: 'print secrets in plain text (stack output, stack export)' },
  file: { type: 'string', help: 'FILE  read or write the state here (stack export, stack import)' },
  force: {
    type: 'boolean',
    short: 'f',
    help: 'forget also what the stack still has (stack rm), take the lock from a living run (cancel)',
  },
  'preserve-config': { type: 'boolean', help: "for the CLI's sake: stack rm never removes the stack's file" },
  color: { type: 'string', help: 'auto|always|never (NO_COLOR is honoured)' },
  help: { type: 'boolean', short: 'h', help: 'this text' },
} as const satisfies Record<string, { type: 'string' | 'boolean'; short?: string; help: string }>;

export interface CliOptions {
  stack?: string;
  cwd: string;
  yes: boolean;
  previewOnly: boolean;
  refresh: boolean;
  diff: boolean;
  json: boolean;
  parallel: number;
  expectNoChanges: boolean;
  suppressOutputs: boolean;
  showSecrets: boolean;
  force: boolean;
  file?: string;
  color: 'auto' | 'always' | 'never';
  help: boolean;
}

/** Reads a command line into its words (`stack export`) and options. */
export function parseCommandLine(args: string[]): { words: string[]; options: CliOptions } {
  const { values, positionals } = parse(args);
  const { stack, file } = values;
  return {
    words: positionals,
    options: {
      cwd: values.cwd ?? process.cwd(),
      yes: values.yes ?? false,
      previewOnly: values['preview-only'] ?? false,
      refresh: values.refresh ?? false,
      diff: values.diff ?? false,
      json: values.json ?? false,
      parallel: positiveInteger('--parallel', values.parallel ?? '32'),
      expectNoChanges: values['expect-no-changes'] ?? false,
      suppressOutputs: values['suppress-outputs'] ?? false,
      showSecrets: values['show-secrets'] ?? false,
      force: values.force ?? false,
      color: colorMode(values.color ?? 'auto'),
      help: values.help ?? false,
      ...(stack !== undefined && { stack }),
      ...(file !== undefined && { file }),
    },
  };
}

function parse(args: string[]) {
  try {
    return parseArgs({ args, options: OPTIONS, allowPositionals: true });
  } catch (error) {
    throw new UserError(`${(error as Error).message} (see --help)`, EXIT.configuration);
  }
}

function positiveInteger(option: string, text: string): number {
  const value = Number(text);
  if (Number.isInteger(value) && value > 0) return value;
  throw new UserError(`${option} ${text}: must be a whole number of at least 1`, EXIT.configuration);
}

function colorMode(text: string): CliOptions['color'] {
  if (text === 'auto' || text === 'always' || text === 'never') return text;
  throw new UserError(`--color ${text}: must be auto, always or never`, EXIT.configuration);
}

/** The options' part of `--help`. */
export function optionsHelp(): string {
  return Object.entries(OPTIONS)
    .map(([name, option]) => {
      const [argument, description] = option.help.includes('  ') ? option.help.split('  ') : ['', option.help];
      const flags = `${'short' in option ? `-${option.short}, ` : '    '}--${name}${argument ? ` ${argument}` : ''}`;
      return `  ${flags.padEnd(26)} ${description ?? ''}`;
    })
    .join('\n');
}
