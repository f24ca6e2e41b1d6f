import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { loadRule, runCases } from '../../../../policies/packaging';
import { findPython } from '../../../../policies/runner';
import { createRule } from '../../../../policies/packaging/create-rule';
import { removeFolders, temporaryFolder } from './rule-folder';

afterEach(removeFolders);

test('starts a rule that works, with a case that is allowed and one that is denied', async () => {
  const rule = loadRule(createRule('max-gpus', temporaryFolder()));
  const results = await runCases(rule, { python: findPython() });
  expect(rule.name).toBe('max-gpus');
  expect(results.every(({ failure }) => failure === undefined)).toBe(true);
  expect(new Set(results.map(({ case: ruleCase }) => ruleCase.expected.allowed))).toEqual(new Set([true, false]));
});

test('leaves a rule that is there alone', () => {
  const root = temporaryFolder();
  const file = path.join(createRule('mine', root), 'policy.yaml');
  writeFileSync(file, 'my work');
  expect(() => createRule('mine', root)).toThrow('exists already; nothing was changed, choose another name');
  expect(readFileSync(file, 'utf8')).toBe('my work');
});

test.each(['', 'Max-GPUs', 'max_gpus', '../escape', '-max', 'max-', 'a'.repeat(51)])('refuses the name %j', (name) => {
  expect(() => createRule(name, temporaryFolder())).toThrow(/^the name ".*" must /);
});
