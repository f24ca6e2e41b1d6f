import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { policyImpact, type ImpactOptions, type PolicyImpact } from '../../../../operations/policy-impact';
import { stringify } from 'yaml';

const RULES = path.join(__dirname, '../../../../policies/rules');

/** A state of a project, as far as decisions are concerned: a stack `trial`, rules, requests. */
export class Project {
  readonly folder = mkdtempSync(path.join(tmpdir(), 'aios-impact-test-'));

  constructor() {
    mkdirSync(this.path('stacks/requests'), { recursive: true });
    cpSync(path.join(RULES, 'pre_check.py'), this.path('policies/rules/pre_check.py'), { recursive: true });
  }

  path(name: string): string {
    return path.join(this.folder, name);
  }

  /** Takes ready-made rules in, and binds what is given. */
  policies(policies: Record<string, unknown>, ...rules: string[]): this {
    for (const rule of rules) cpSync(path.join(RULES, rule), this.path(`policies/rules/${rule}`), { recursive: true });
    writeFileSync(this.path('stacks/Pulumi.trial.yaml'), stringify({ config: { 'aios-network:policies': policies } }));
    return this;
  }

  requests(requests: unknown): this {
    writeFileSync(this.path('stacks/requests/some.json'), JSON.stringify(requests));
    return this;
  }

  /** A rule for all of nodes and clusters whose `eval` has this body. */
  rule(name: string, body: string, { version = 'v0.0.1', before = '' } = {}): this {
    const folder = this.path(`policies/rules/${name}`);
    mkdirSync(path.join(folder, 'code'), { recursive: true });
    mkdirSync(path.join(folder, 'cases'), { recursive: true });
    const policy = {
      name,
      version,
      description: 'A rule that a test has made up.',
      actions: ['add_node', 'remove_node', 'add_cluster', 'remove_cluster'],
      inputSchema: { type: 'object' },
      parametersSchema: { type: 'object' },
    };
    writeFileSync(path.join(folder, 'policy.yaml'), stringify(policy));
    const cases = [{ name: 'any', input: node('n', 1), expected: { allowed: true } }];
    writeFileSync(path.join(folder, 'cases/any.json'), JSON.stringify(cases));
    writeFileSync(path.join(folder, 'code/requirements.txt'), '');
    const lines = [
      before,
      'class AIOSv1PolicyRule:',
      '    def __init__(self, rule_id, settings, parameters):',
      '        pass',
      '    def eval(self, parameters, input_data, context):',
      ...body.split('\n').map((line) => `        ${line}`),
    ];
    writeFileSync(path.join(folder, 'code/function.py'), `${lines.join('\n')}\n`);
    return this;
  }

  /** What this state decides otherwise than the other one. */
  against(base: Project, options: Partial<ImpactOptions> = {}): Promise<PolicyImpact> {
    return policyImpact({ checkout: this.folder, stack: 'trial', base: base.folder, ...options });
  }

  remove(): void {
    rmSync(this.folder, { recursive: true });
  }
}

/** What a gateway hands to the policy of add_node. */
export const node = (id: string, count: number, cluster = 'c-1') => ({
  node_data: { id, cluster_id: cluster },
  cluster_data: { id: cluster, nodes: { count } },
  cluster_metrics: {},
});

/** A decision in a line: request, before, after. */
export const lines = ({ decisions }: PolicyImpact) =>
  decisions.map(({ request, before, after }) => {
    const said = ({ outcome, reason, policy }: typeof before) =>
      policy === undefined ? 'no policy' : [outcome, reason].filter((part) => part !== undefined).join(': ');
    return `${request} | ${said(before)} | ${said(after)}`;
  });
