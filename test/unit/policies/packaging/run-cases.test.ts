import { readFileSync } from 'node:fs';
import path from 'node:path';
import { loadRule, runCases } from '../../../../policies/packaging';
import { findPython } from '../../../../policies/runner';
import { TEMPLATE } from '../../../../policies/packaging/create-rule';
import { removeFolders, ruleFolder } from './rule-folder';

afterEach(removeFolders);

const python = findPython();
const DENY = readFileSync(path.join(TEMPLATE, 'cases', 'deny.json'), 'utf8');

/** What becomes of the template's three cases with other code in refusal(). */
async function failures(code: string, timeLimit?: number): Promise<(string | undefined)[]> {
  const rule = loadRule(
    ruleFolder({ 'code/function.py': ['    prefix = get(parameters, "prefix", str, of="parameters")', `    ${code}`] }),
  );
  const results = await runCases(rule, { python, ...(timeLimit !== undefined && { timeLimit }) });
  return results.map(({ failure }) => failure);
}

test('passes what answers as expected, whatever it prints', async () => {
  const code = 'prefix = parameters["prefix"]; print("{}"); import os; os.write(1, b"noise\\n")';
  expect(await failures(code)).toEqual([undefined, undefined, undefined]);
});

test('shows what was expected and what came', async () => {
  const [allowed] = await failures('return "no"');
  expect(allowed).toBe(
    'expected {"allowed":true,"input_data":{"id":"gpu-1"}}\nactual   {"allowed":false,"input_data":"no","reason":"no"}',
  );
});

test('a rule that raises, exits or answers no JSON fails its case alone', async () => {
  const code = 'prefix = "gpu-"; kind = request.get("node_data", {}).get("id"); 1 / (0 if kind == "gpu-1" else 1)';
  expect(await failures(code)).toEqual([expect.stringContaining('ZeroDivisionError'), undefined, undefined]);
  expect(await failures('import sys; sys.exit(3)')).toEqual(Array(3).fill(expect.stringContaining('SystemExit: 3')));
  expect((await failures('return {1, 2}'))[0]).toContain('is not JSON serializable');
  expect((await failures('return 5'))[1]).toContain('which the output schema does not allow: reason expected string');
});

test('a denial needs a reason, even where the case asks for none', async () => {
  const rule = loadRule(
    ruleFolder({
      'code/function.py': ['return f"the id of node', 'return "" #'],
      'cases/deny.json': [/"allowed": false, "reason": "the id.*"/.exec(DENY)?.[0] ?? '', '"allowed": false'],
    }),
  );
  const results = await runCases(rule, { python });
  expect(results[1]?.failure).toMatch(/^denied without a reason\n/);
});

test('a case that hangs is ended, and the others run all the same', async () => {
  const code = 'prefix = "gpu-"\n    while request.get("node_data", {}).get("id") == "cpu-1": pass';
  expect(await failures(code, 1_500)).toEqual([undefined, 'took longer than 1.5 s', undefined]);
});

test('a case that takes Python down is told, and the others run all the same', async () => {
  const code = 'prefix = "gpu-"\n    if request.get("node_data", {}).get("id") == "gpu-1": import os; os._exit(7)';
  expect(await failures(code)).toEqual(['ended Python with code 7', undefined, undefined]);
});

test('every case finds the rule as new', async () => {
  const code = 'prefix = "gpu-"; globals()["DAYS"] = globals().get("DAYS", 0) + 1; assert DAYS == 1';
  expect(await failures(code)).toEqual([undefined, undefined, undefined]);
});

test('gives a rule the parameters that it would get in the mode of its case', async () => {
  const rule = loadRule(ruleFolder({ 'policy.yaml': ['tags: []', 'parameters: { prefix: gpu- }'] }));
  const failure = async (mode: 'local' | 'remote', parameters?: Record<string, string>) => {
    const cases = rule.cases.slice(0, 1).map((ruleCase) => {
      const bound = { ...ruleCase, mode };
      delete bound.parameters;
      return { ...bound, ...(parameters && { parameters }) };
    });
    return (await runCases({ ...rule, cases }, { python }))[0]?.failure;
  };
  expect(await failure('local')).toBeUndefined();
  expect(await failure('local', {})).toBeUndefined();
  expect(await failure('local', { prefix: 'cpu-' })).toContain('does not begin with');
  expect(await failure('remote')).toBeUndefined();
  expect(await failure('remote', {})).toContain('malformed parameters: prefix is missing');
});
