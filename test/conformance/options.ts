import path from 'node:path';
import { parseArgs } from 'node:util';
import { UserError } from '../../embedded/shared/errors';

export interface Options {
  /** Names of scenarios; none: all. */
  only: readonly string[];
  list: boolean;
  help: boolean;
  /** Where to work, and leave cluster and stack running for the next run. Undefined: a folder that is removed. */
  keep: string | undefined;
}

const WRONG_USAGE = 2;

export const USAGE = `Usage: make conformance [ARGS='OPTIONS'], or node --require tsx/cjs test/conformance/run.ts [OPTIONS]

Runs stack dev on the embedded engine and on the pulumi CLI with the official Kubernetes provider, both on one embedded
API server and one state, and fails on whatever one does otherwise than the other and known-differences.ts doesn't name.

Options:
  --only SCENARIO  this one only; may be given several times
  --list           the scenarios, and what each is about
  --keep FOLDER    work in FOLDER, and leave cluster and stack running there: the next run with it begins sooner
  --help           this text

Exit codes: 0 no difference but the known ones, 1 others, or a known one that occurs no longer, 2 wrong usage,
130 interrupted. The known ones, with their reasons: test/conformance/known-differences.ts.
`;

/** @throws UserError saying what is wrong with the command line */
export function parseOptions(args: string[], names: readonly string[]): Options {
  const { only, keep, ...rest } = parse(args);
  for (const name of only) {
    if (!names.includes(name)) throw wrongUsage(`--only ${name}: there are ${names.join(', ')}`);
  }
  return { ...rest, only, keep: keep === undefined ? undefined : path.resolve(keep) };
}

function parse(args: string[]) {
  const flag = { type: 'boolean', default: false } as const;
  try {
    return parseArgs({
      args,
      options: {
        only: { type: 'string', multiple: true, default: [] },
        list: flag,
        keep: { type: 'string' },
        help: { ...flag, short: 'h' },
      },
    }).values;
  } catch (error) {
    throw wrongUsage((error as Error).message);
  }
}

const wrongUsage = (problem: string) => new UserError(`${problem} (see --help)`, WRONG_USAGE);
