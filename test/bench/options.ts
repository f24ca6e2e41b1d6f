import { parseArgs } from 'node:util';
import { UserError } from '../../embedded/shared/errors';

const PARTS = ['stack', 'services', 'governance', 'review'] as const;
export type Part = (typeof PARTS)[number];

export interface Options {
  /** Measured runs of everything. */
  runs: number;
  /** What is measured. */
  parts: readonly Part[];
  /** Whether the pulumi CLI takes part if there is one. */
  usePulumi: boolean;
  json: boolean;
  help: boolean;
}

const WRONG_USAGE = 2;

export const USAGE = `Usage: make bench [ARGS='OPTIONS'], or node --require tsx/cjs test/bench/run.ts [OPTIONS]

Compares the embedded engine with kubectl, and with the pulumi CLI where one is on the PATH or built, on an embedded cluster of
its own. All take turns in one run, so what counts is their ratio, whatever the machine is busy with.

  stack      stack dev: first up, no-change preview and no-change up, against kubectl apply --server-side and kubectl
             diff of the same objects
  services   what 500 services cost the engine, against 50: first up, no-change up and destroy
  governance what 500 policies and 1,000 bound clusters cost, against 50 and 100, on simulated services
  review     the report of 200 resources, 5 changed, and 100 changed decisions among 1,500 resources of governance, each
             against a tenth of the resources

Time is that of the whole command. CPU time and memory are those of all its processes, added up: user's and system's seconds, the
peaks of the resident sets.
Goals are reported, never asserted.

Options:
  --runs N      measured runs of everything (default: 5), after a warm-up
  --quick       the same as --runs 1
  --only PART   stack, services, governance or review (default: all)
  --no-pulumi   leave the pulumi CLI out
  --json        print one JSON document, with every sample
  --help        this text

Exit codes: 0 everything could be measured, 1 something could not, 2 wrong usage, 130 interrupted.
`;

/** @throws UserError saying what is wrong with the command line */
export function parseOptions(args: string[]): Options {
  const { runs, quick, only, json, help, ...values } = parse(args);
  if (quick && runs !== undefined) throw wrongUsage('--quick and --runs exclude each other');
  return { runs: quick ? 1 : runCount(runs ?? '5'), parts: partsOf(only), usePulumi: !values['no-pulumi'], json, help };
}

function parse(args: string[]) {
  const flag = { type: 'boolean', default: false } as const;
  try {
    return parseArgs({
      args,
      options: {
        runs: { type: 'string' },
        quick: flag,
        only: { type: 'string' },
        'no-pulumi': flag,
        json: flag,
        help: { ...flag, short: 'h' },
      },
    }).values;
  } catch (error) {
    throw wrongUsage((error as Error).message);
  }
}

function runCount(text: string): number {
  const runs = Number(text);
  if (Number.isInteger(runs) && runs > 0) return runs;
  throw wrongUsage(`--runs ${text}: must be a whole number of at least 1`);
}

function partsOf(only: string | undefined): readonly Part[] {
  if (only === undefined) return PARTS;
  const parts = PARTS.filter((part) => part === only);
  if (parts.length > 0) return parts;
  throw wrongUsage(`--only ${only}: must be ${PARTS.join(' or ')}`);
}

const wrongUsage = (problem: string) => new UserError(`${problem} (see --help)`, WRONG_USAGE);
