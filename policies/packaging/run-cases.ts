import { spawn } from 'node:child_process';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import type { RuleCase } from './case-file';
import { effectiveParameters } from './cases';
import { schemaProblems } from './json-schema';
import type { Python } from './python';
import type { Rule } from './rule';

const HARNESS = path.join(__dirname, 'harness.py');

/** What became of a case. */
export interface CaseResult {
  case: RuleCase;
  /** Why the case failed: `expected … / actual …`, or what went wrong. Undefined where it passed. */
  failure?: string;
}

/** What the rule answered to a case, or why it did not. */
type Answer = { result: unknown } | { error: string };

const answerLine = z.union([
  z.object({ id: z.int(), result: z.unknown() }),
  z.object({ id: z.int(), error: z.string() }),
]);

/**
 * Runs a rule's cases in a Python process of their own. A case that takes too long ends the process; the cases after it
 * get another one.
 * @param options.timeLimit of a case, in milliseconds
 */
export async function runCases(
  rule: Rule,
  { python, timeLimit = 5_000 }: { python: Python; timeLimit?: number },
): Promise<CaseResult[]> {
  const answers: Answer[] = [];
  while (answers.length < rule.cases.length) {
    const error = await runFrom(rule, answers, python, timeLimit);
    if (error !== undefined) answers.push({ error });
  }
  return rule.cases.map((ruleCase, index) => {
    const failure = judge(rule, ruleCase, answers[index] ?? { error: 'was not run' });
    return failure === undefined ? { case: ruleCase } : { case: ruleCase, failure };
  });
}

/**
 * Runs the cases that have no answer yet and appends theirs.
 * @returns why the case after the last answer has none; undefined where all have one
 */
function runFrom(rule: Rule, answers: Answer[], python: Python, timeLimit: number): Promise<string | undefined> {
  const child = spawn(python.command, ['-I', '-B', HARNESS], {
    env: { PATH: process.env.PATH, TZ: 'UTC' },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  let late = false;
  const stop = () => {
    late = true;
    child.kill('SIGKILL');
  };
  let timer = setTimeout(stop, timeLimit);
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (said = (said + text).slice(-2_000)));
  createInterface({ input: child.stdout }).on('line', (line) => {
    answers.push(answerLine.parse(JSON.parse(line)));
    clearTimeout(timer);
    timer = setTimeout(stop, timeLimit);
  });
  // A process that ends early breaks the pipe; what it said tells why.
  child.stdin.on('error', () => undefined).end(JSON.stringify(jobOf(rule, answers.length)));
  return new Promise((resolve, reject) => {
    child.once('error', reject).once('close', (code) => {
      clearTimeout(timer);
      if (answers.length >= rule.cases.length) resolve(undefined);
      else if (late) resolve(`took longer than ${timeLimit / 1000} s`);
      else resolve(`ended Python with code ${code}${said === '' ? '' : `:\n${said.trim()}`}`);
    });
  });
}

function jobOf(rule: Rule, from: number): unknown {
  return {
    code: path.resolve(rule.folder, 'code', 'function.py'),
    cases: rule.cases.slice(from).map((ruleCase, offset) => ({
      id: from + offset,
      settings: ruleCase.settings ?? rule.settings,
      parameters: effectiveParameters(rule, ruleCase.parameters),
      input: ruleCase.input,
      context: ruleCase.context,
      stubs: ruleCase.stubs,
    })),
  };
}

/** Why an answer is not what the case expects. */
function judge(rule: Rule, { expected }: RuleCase, answer: Answer): string | undefined {
  if ('error' in answer) return answer.error;
  const broken = schemaProblems(rule.outputSchema, answer.result);
  const actual = answer.result as Record<string, unknown>;
  if (broken.length > 0)
    return `answered ${JSON.stringify(actual)}, which the output schema does not allow: ${broken
      .map(({ key, message }) => `${key} ${message}`.trim())
      .join('; ')}`;
  const wrong = Object.entries(expected).some(([key, value]) => !isDeepStrictEqual(actual[key], value));
  if (wrong) return `expected ${JSON.stringify(expected)}\nactual   ${JSON.stringify(actual)}`;
  const reason = actual.reason;
  if (!expected.allowed && (typeof reason !== 'string' || reason === ''))
    return `denied without a reason\nactual   ${JSON.stringify(actual)}`;
  return undefined;
}
