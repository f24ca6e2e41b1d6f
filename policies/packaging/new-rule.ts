import path from 'node:path';
import { RunError } from '@pulumi/pulumi/errors';
import { runCommand } from './cli';
import { createRule } from './create-rule';
import { RULES_ROOT } from './rule';

const USAGE = `Usage: make new-rule NAME=max-gpus

Starts a pre-check rule in policies/rules/NAME: one that works, with a case that is allowed and one that is denied.
`;

function nextSteps(folder: string, name: string): string {
  return `Started ${path.relative('.', folder)}. It works already; now make it yours:

  1. policy.yaml        what it decides, for which actions, and which parameters it takes
  2. code/function.py   refusal() says why a request is denied, or nothing
  3. cases/*.json       requests and what the rule should answer
  4. make test-rules ARGS='--rule ${name}'
  5. bind it in stacks/Pulumi.<stack>.yaml:

     policies:
       bindings:
         add_node: { policy: ${name}, parameters: { prefix: gpu- } }

docs/rules.md tells what each action passes to a rule.
`;
}

runCommand(([name = '', ...rest]) => {
  if (name === '--help') {
    process.stdout.write(USAGE);
    return 0;
  }
  if (name === '' || rest.length > 0) throw new RunError(`name one rule\n\n${USAGE}`);
  process.stdout.write(nextSteps(createRule(name, RULES_ROOT), name));
  return 0;
});
