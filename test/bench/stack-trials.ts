import path from 'node:path';
import type { Bench } from './bench';
import { ENGINE, engineCommand, type StackProject } from './engine';
import { hasDiff, KUBECTL, kubectlOn } from './kubectl';
import type { Command } from './measure';
import { type CliProject, PULUMI, pulumiCommand } from './pulumi-cli';
import type { Contender } from './turns';

/** What a contender does in a contest, and how that is undone before the next one's turn. */
interface Trial {
  contender: string;
  command: Command;
  undo?: Command;
}

/** Who takes part, by contest. */
export type StackContests = Record<'first up' | 'no-change preview' | 'no-change up', Contender[]>;

export interface Parties {
  /** Of the embedded engine. */
  own: StackProject;
  /** Of the pulumi CLI, if it takes part. */
  cli: CliProject | undefined;
  /** The file with the stack's objects, for kubectl. */
  objects: string;
}

/** The contests of stack dev; in each, all do the same, each in its own way. */
export function stackContests(bench: Bench, { own, cli, objects }: Parties): StackContests {
  const kubectl = kubectlOn(bench.cluster, objects, path.join(bench.folder, 'home'));
  const diffs = [
    { contender: KUBECTL.diff, command: kubectl.diff },
    { contender: KUBECTL.serverDiff, command: kubectl.serverDiff },
  ];
  const apply = { contender: KUBECTL.apply, command: kubectl.apply };
  if (!hasDiff()) bench.skip('kubectl diff is left out: it needs the program diff on the PATH (install diffutils).');
  const engine = pulumi(ENGINE, (...args) => engineCommand(own, ...args), ['--yes']);
  const others = cli ? [pulumi(PULUMI, (...args) => pulumiCommand(cli, ...args), ['--yes', '--skip-preview'])] : [];
  return {
    'first up': contenders('first up', [
      engine.firstUp,
      { ...apply, undo: kubectl.remove },
      ...others.map(({ firstUp }) => firstUp),
    ]),
    'no-change preview': contenders('no-change preview', [
      engine.preview,
      ...(hasDiff() ? diffs : []),
      ...others.map(({ preview }) => preview),
    ]),
    'no-change up': contenders('no-change up', [engine.noChange, apply, ...others.map(({ noChange }) => noChange)]),
  };
}

/** @param atOnce what makes the command apply without a preview and without asking */
function pulumi(contender: string, command: (...args: string[]) => Command, atOnce: string[]) {
  return {
    firstUp: { contender, command: command('up', ...atOnce), undo: command('destroy', ...atOnce) },
    preview: { contender, command: command('preview', '--expect-no-changes') },
    noChange: { contender, command: command('up', ...atOnce, '--expect-no-changes') },
  };
}

function contenders(contest: string, trials: Trial[]): Contender[] {
  return trials.map(({ contender, command, undo }) => ({
    name: contender,
    take: async (run) => {
      const sample = await run(contest, command);
      if (undo) await run('take it down', undo);
      return { [contest]: sample };
    },
  }));
}
