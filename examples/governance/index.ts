import path from 'node:path';
import * as pulumi from '@pulumi/pulumi';
import { loadRule, packageRule } from '../../policies/packaging';
import { AiosProvider, Policy, PreCheckPolicies } from '../../policies/resources';

const config = new pulumi.Config();
const provider = new AiosProvider('network', {
  gateway: { url: config.require('gateway') },
  policiesSystem: { url: config.require('policiesSystem') },
  clustersRegistry: { url: config.require('clustersRegistry') },
});

const rule = loadRule(path.join(__dirname, '../rule/region-in-id'));
const archive = packageRule(rule);
const url = `${config.require('codeStore')}/${archive.fileName}`;
const policy = new Policy(
  rule.name,
  {
    name: rule.uriName,
    version: rule.version,
    type: rule.type,
    description: rule.description,
    parametersSchema: rule.parametersSchema,
    code: { url, sha256: archive.sha256, upload: { url, content: archive.content.toString('base64') } },
  },
  { provider },
);

// Actions that are not named keep the policies that they have (`unlisted: keep`).
new PreCheckPolicies('network', { bindings: { add_cluster: { policy: policy.uri } } }, { provider });

export const policyUri = policy.uri;
