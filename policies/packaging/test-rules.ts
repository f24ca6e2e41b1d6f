import path from 'node:path';
import { parseArgs } from 'node:util';
import { RunError } from '@pulumi/pulumi/errors';
import { findPython, type Python } from '../runner';
import { runCommand } from './cli';
import { RuleError } from './errors';
import { listRules, loadRule, RULES_ROOT } from './rule';
import { runCases } from './run-cases';

const USAGE = `Usage: make test-rules [ARGS='--rule NAME …']

Runs every case of the rules in policies/rules.

  --rule NAME          only this one; may be given more than once
  --time-limit SECONDS that a case may take (default: 5)
  --root FOLDER        where the rules are (default: policies/rules)
  --help
`;

async function main(args: string[]): Promise<number> {
  const { values } = parse(args);
  if (values.help === true) {
    process.stdout.write(USAGE);
    return 0;
  }
  const timeLimit = Number(values['time-limit'] ?? 5) * 1000;
  if (!(timeLimit > 0)) throw new RunError(`--time-limit ${values['time-limit']} is not a number of seconds above 0`);
  const root = values.root ?? RULES_ROOT;
  const python = findPython();
  let failed = 0;
  let passed = 0;
  for (const name of chosen(values.rule ?? [], root)) {
    const tally = await testRule(path.join(root, name), python, timeLimit);
    failed += tally.failed;
    passed += tally.passed;
  }
  process.stdout.write(`\n${passed} passed, ${failed} failed\n`);
  return failed > 0 ? 1 : 0;
}

function parse(args: string[]) {
  try {
    return parseArgs({
      args,
      options: {
        rule: { type: 'string', multiple: true },
        root: { type: 'string' },
        'time-limit': { type: 'string' },
        help: { type: 'boolean' },
      },
    });
  } catch (error) {
    throw new RunError(`${(error as Error).message}\n\n${USAGE}`);
  }
}

function chosen(wanted: readonly string[], root: string): string[] {
  const known = listRules(root);
  const unknown = wanted.find((name) => !known.includes(name));
  if (unknown !== undefined) throw new RunError(`no rule is named ${unknown}; there are ${known.join(', ')}`);
  return known.filter((name) => wanted.length === 0 || wanted.includes(name));
}

/** Runs one rule's cases, and tells of those that fail. A rule that cannot be read counts as one failure. */
async function testRule(
  folder: string,
  python: Python,
  timeLimit: number,
): Promise<{ passed: number; failed: number }> {
  const name = path.basename(folder).padEnd(20);
  try {
    const results = await runCases(loadRule(folder), { python, timeLimit });
    const failures = results.filter(({ failure }) => failure !== undefined);
    const passed = results.length - failures.length;
    process.stdout.write(`${name} ${passed} passed${failures.length > 0 ? `, ${failures.length} failed` : ''}\n`);
    for (const { case: failed, failure = '' } of failures)
      process.stdout.write(`  ${failed.file}: ${failed.name}\n${failure.replace(/^/gm, '    ')}\n`);
    return { passed, failed: failures.length };
  } catch (error) {
    if (!(error instanceof RuleError)) throw error;
    process.stdout.write(`${name} not run: ${error.message}\n`);
    return { passed: 0, failed: 1 };
  }
}

runCommand(main);
