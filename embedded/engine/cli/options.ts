import { parseArgs } from 'node:util';
import { EXIT } from '../exit-codes';
import { UserError } from '../../shared/errors';

/** Options as `util.parseArgs` takes them, with what `--help` says of them. */
const OPTIONS = {
  stack: { type: 'string', short: 's', help: 'NAME  the stack to work on' },
  cwd: { type: 'string', short: 'C', help: "DIR  the project's folder (default: the working directory)" },
  yes: {
    type: 'boolean',
    short: 'y',
    default: false,
    help: 'apply without asking (and without a preview, unless it is for --json)',
  },
  'skip-preview': { type: 'boolean', default: false, help: 'apply without a preview and without asking' },
  'preview-only': {
    type: 'boolean',
    default: false,
    help: 'show what refresh or destroy would do, and change nothing',
  },
  refresh: {
    type: 'boolean',
    short: 'r',
    default: false,
    help: 'look for drift first: compare with the world, not with the last update',
  },
  diff: { type: 'boolean', default: false, help: 'show every changed property with its old and new value' },
  json: {
    type: 'boolean',
    short: 'j',
    default: false,
    help: 'print JSON: of a preview one document, of all else a line for each event',
  },
  'policy-pack': {
    type: 'string',
    multiple: true,
    help: 'DIR  a policy pack that judges what is to be (preview, up; repeatable)',
  },
  'policy-pack-config': { type: 'string', multiple: true, help: 'FILE  not supported: use the pulumi CLI' },
  parallel: { type: 'string', short: 'p', default: '32', help: 'N  resource operations at a time (default: 32)' },
  'expect-no-changes': {
    type: 'boolean',
    default: false,
    help: `exit with ${EXIT.changesFound} if there is any change`,
  },
  'suppress-outputs': { type: 'boolean', default: false, help: "leave out the stack's outputs" },
  'show-secrets': { type: 'boolean', default: false, help: 'print secrets in plain text (stack output, stack export)' },
  file: { type: 'string', help: 'FILE  read or write the state here (stack export, stack import)' },
  force: {
    type: 'boolean',
    short: 'f',
    default: false,
    help: 'forget also what the stack still has (stack rm), take the lock from a living run (cancel)',
  },
  'preserve-config': { type: 'boolean', help: "for the CLI's sake: stack rm never removes the stack's file" },
  color: { type: 'string', default: 'auto', help: 'auto|always|never (NO_COLOR is honoured)' },
  help: { type: 'boolean', short: 'h', default: false, help: 'this text' },
} as const;

export type CliOptions = ReturnType<typeof parseCommandLine>['options'];

/** Reads a command line into its words (`stack export`) and options. */
export function parseCommandLine(args: string[]) {
  const { values, positionals } = parse(args);
  const [config] = values['policy-pack-config'] ?? [];
  if (config !== undefined) {
    throw new UserError(
      `--policy-pack-config ${config}: the embedded engine does not configure packs; use the pulumi CLI`,
    );
  }
  return {
    words: positionals,
    options: {
      ...values,
      cwd: values.cwd ?? process.cwd(),
      previewOnly: values['preview-only'],
      skipPreview: values['skip-preview'],
      expectNoChanges: values['expect-no-changes'],
      suppressOutputs: values['suppress-outputs'],
      showSecrets: values['show-secrets'],
      policyPacks: values['policy-pack'] ?? [],
      parallel: positiveInteger('--parallel', values.parallel),
      color: colorMode(values.color),
    },
  };
}

function parse(args: string[]) {
  try {
    return parseArgs({ args, options: OPTIONS, allowPositionals: true });
  } catch (error) {
    // Node's advice on arguments that begin with a dash is none here.
    throw new UserError(`${(error as Error).message.replace(/\. To specify .*/s, '')} (see --help)`);
  }
}

function positiveInteger(option: string, text: string): number {
  const value = Number(text);
  if (Number.isInteger(value) && value > 0) return value;
  throw new UserError(`${option} ${text}: must be a whole number of at least 1`);
}

function colorMode(text: string): 'auto' | 'always' | 'never' {
  if (text === 'auto' || text === 'always' || text === 'never') return text;
  throw new UserError(`--color ${text}: must be auto, always or never`);
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
