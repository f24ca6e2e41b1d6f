import { rmSync } from 'node:fs';
import path from 'node:path';
import { RunError } from '@pulumi/pulumi/errors';
import { listRules, loadRule, policyUri, RuleError } from '../../../../policies/packaging';
import { removeFolders, ruleFolder } from './rule-folder';

afterEach(removeFolders);

function problemsOf(folder: string): string {
  try {
    loadRule(folder);
  } catch (error) {
    if (error instanceof RuleError) return error.message.split('\n').slice(1).join('\n');
    throw error;
  }
  return '';
}

test('reads a rule with its defaults', () => {
  const rule = loadRule(ruleFolder());
  expect(policyUri(rule)).toBe('aiosv1.policies.cluster-controller-gateway.rule-name:v0.0.1-stable');
  expect(rule).toMatchObject({ type: 'pre-check', settings: {}, parameters: {}, actions: ['add_node'] });
  expect(rule.files.map((file) => file.path)).toEqual(['code/function.py', 'code/requirements.txt']);
  expect(rule.cases.map((ruleCase) => ruleCase.file)).toEqual([
    'cases/allow.json',
    'cases/deny.json',
    'cases/deny.json',
  ]);
});

test.each<[what: string, file: string, change: [string, string] | string, message: string]>([
  [
    'a folder of another name',
    'policy.yaml',
    ['name: rule-name', 'name: other'],
    'policy.yaml: name: is other, but the folder is rule-name; they must be the same',
  ],
  [
    'a version without v',
    'policy.yaml',
    ['v0.0.1', '0.0.1'],
    'policy.yaml: version: must be v and three numbers, as in v0.0.1',
  ],
  ['no version', 'policy.yaml', ['version: v0.0.1', ''], 'policy.yaml: version: is required'],
  ['an unknown key', 'policy.yaml', ['tags: []', 'tgas: []'], 'policy.yaml: has unknown keys: tgas'],
  [
    'an unknown action',
    'policy.yaml',
    ['[add_node]', '[add_nodes]'],
    'policy.yaml: actions[0]: expected one of "add_node"',
  ],
  ['no YAML', 'policy.yaml', 'a: [', 'policy.yaml: is not YAML: '],
  [
    'a mistyped keyword',
    'policy.yaml',
    ['minLength', 'minLenght'],
    'policy.yaml: parametersSchema.properties.prefix: has unknown keys: minLenght',
  ],
  [
    'a required key that is no property',
    'policy.yaml',
    ['required: [prefix]', 'required: [prefxi]'],
    'policy.yaml: parametersSchema.required[0]: "prefxi" is not among the properties',
  ],
  [
    'parameters against their schema',
    'policy.yaml',
    ['tags: []', 'parameters: { prefix: 3 }'],
    'policy.yaml: parameters.prefix: expected string, received number',
  ],
  [
    'settings without a schema',
    'policy.yaml',
    ['tags: []', 'settings: { url: x }'],
    'policy.yaml: settings: has unknown keys: url',
  ],
  [
    'code without the class',
    'code/function.py',
    'def refusal(request, parameters, settings): pass\n',
    'code/function.py: must define class AIOSv1PolicyRule, or import it from pre_check',
  ],
  [
    'an import that pre_check does not have',
    'code/function.py',
    ['AIOSv1PolicyRule, get', 'AIOSv1PolicyRule, get as read'],
    'code/function.py: imports get as read from pre_check; write its names as they are, with commas between, on one line',
  ],
  [
    'shared code without what it asks for',
    'code/function.py',
    ['def refusal(', 'def refuse('],
    'code/function.py: must define refusal, which pre_check asks for',
  ],
  [
    'a second module',
    'code/more.py',
    '',
    'code/more.py: cannot be imported where the gateway runs rules itself (mode local)',
  ],
  ['a case that is not JSON', 'cases/deny.json', '[', 'cases/deny.json: is not JSON: '],
  ['no cases', 'cases/deny.json', '[]', 'cases/deny.json: must hold at least one case'],
  [
    'an unknown key of a case',
    'cases/allow.json',
    ['"expected"', '"expect": {}, "expected"'],
    'cases/allow.json: [0]: has unknown keys: expect',
  ],
  [
    'input against its schema',
    'cases/allow.json',
    ['"gpu-1"', '1'],
    'cases/allow.json: [0].input.node_data.id: expected string, received number (case "a node',
  ],
  [
    'parameters of a case',
    'cases/allow.json',
    ['"prefix"', '"prefxi"'],
    'cases/allow.json: [0].parameters.prefix: is required (case "a node',
  ],
  [
    'a case that breaks nothing',
    'cases/deny.json',
    ['{},', '{ "node_data": { "id": "x" } },'],
    'cases/deny.json: [1].malformed: input keeps to its schema (case "a request',
  ],
  [
    'an allowed case with a reason',
    'cases/allow.json',
    ['"allowed": true', '"allowed": true, "reason": "x"'],
    'cases/allow.json: [0].expected: what is allowed has no reason',
  ],
])('refuses %s', (_, file, change, message) => {
  expect(problemsOf(ruleFolder({ [file]: change }))).toContain(`  ${message}`);
});

test('tells everything that is missing, in a way that Pulumi shows without a stack trace', () => {
  const folder = ruleFolder();
  for (const name of ['policy.yaml', 'code']) rmSync(path.join(folder, name), { recursive: true });
  expect(problemsOf(folder)).toBe(
    [
      '  policy.yaml: is missing; `make new-rule NAME=…` starts a rule with one',
      '  code/function.py: is missing; the archive must have it',
      '  code/requirements.txt: is missing; the archive must have it',
    ].join('\n'),
  );
  expect(RunError.isInstance(new RuleError(folder, []))).toBe(true);
});

test('packs the code that rules share into function.py, where they import it', () => {
  const [packed] = loadRule(ruleFolder()).files;
  const source = packed?.content.toString('utf8') ?? '';
  expect(source).not.toContain('pre_check');
  expect(source).toMatch(/^class Malformed\(Exception\):$/m);
  expect(source.match(/^class AIOSv1PolicyRule:$/gm)).toHaveLength(1);
  const own = 'class AIOSv1PolicyRule: pass\n';
  expect(loadRule(ruleFolder({ 'code/function.py': own })).files[0]?.content.toString()).toBe(own);
});

test('lets the parameters of bindings be missing, which the onboarded ones complete', () => {
  const folder = ruleFolder({ 'policy.yaml': ['tags: []', 'parameters: { prefix: gpu- }'] });
  expect(loadRule(folder).parameters).toEqual({ prefix: 'gpu-' });
});

test('lists the folders that are rules', () => {
  const folder = ruleFolder();
  expect(listRules(path.dirname(folder))).toEqual(['rule-name']);
  rmSync(path.join(folder, 'policy.yaml'));
  expect(listRules(path.dirname(folder))).toEqual([]);
});
