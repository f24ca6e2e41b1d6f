import { z } from 'zod';
import type { EndpointName } from '../catalogue';
import { isKubeconfigContents } from './cluster';
import { bindings, ruleName, ruleVersion } from './policy-binding';
import { host, httpUrl, identifier, imageReference, text } from './scalars';

const values = z.record(z.string(), z.unknown());

const ruleEntry = z.strictObject({
  rule: ruleName.describe('Folder of policies/rules.'),
  name: ruleName
    .exactOptional()
    .describe('Name by which bindings know it, and of the policy, if not the folder: the same rule can serve twice.'),
  version: ruleVersion
    .exactOptional()
    .describe("Version to onboard it with; other contents need another one. Default: the folder's."),
  settings: values.prefault({}).describe("Settings over the folder's."),
  parameters: values
    .prefault({})
    .describe(
      "Parameters over the folder's. Where the gateway runs rules itself, a binding's win over them, key by key; on an executor they count only for a binding without parameters.",
    ),
  duplicates: z
    .enum(['report', 'clean'])
    .prefault('report')
    .describe('What happens to further entries of the same URI in the policies system.'),
  allowContentChange: z
    .boolean()
    .prefault(false)
    .describe('Change an onboarded version in place, which is refused otherwise.'),
});

const endpoint = z.strictObject({
  url: httpUrl.describe('Address of the service, as this machine reaches it.'),
  token: text
    .exactOptional()
    .meta({ secret: true })
    .describe('Bearer token that a proxy before the service asks for, encrypted.'),
  ca: z
    .string()
    .regex(/^-----BEGIN CERTIFICATE-----/, { error: 'must be certificates in PEM form' })
    .exactOptional()
    .describe("Certificates (PEM) that the address is checked with. Default: the system's."),
});

const infrastructure = z.strictObject({
  kubeconfig: z
    .string()
    .refine(isKubeconfigContents, { error: 'must be the contents of a kubeconfig' })
    .meta({ secret: true })
    .describe('Contents of the kubeconfig of the cluster that the executor runs in, encrypted.'),
  maxProcesses: z
    .int()
    .min(1, { error: 'must be at least 1' })
    .max(1024, { error: 'must be at most 1024' })
    .meta({ examples: [4] })
    .describe('Policies that run at the same time.'),
});

const executor = z.strictObject({
  clusterPublicIp: host.describe('Where the policies system reaches the executor, on port 30900.'),
  metadata: values.prefault({}).describe('Free description of the executor.'),
  hardware: values.prefault({}).describe('Free description of its hardware.'),
  infrastructure: infrastructure
    .exactOptional()
    .describe('Lets the policies system set the executor up in its cluster. Default: it is there already.'),
});

/** The services that policies are written to. */
const endpoints = z.strictObject({
  gateway: endpoint.exactOptional().describe('The cluster controller gateway.'),
  policiesSystem: endpoint.exactOptional().describe('The policies system.'),
  clustersRegistry: endpoint.exactOptional().describe('The clusters registry.'),
} satisfies Record<EndpointName, z.ZodType>);

const executorId = identifier.meta({ examples: ['executor-001'] });

/** Section `policies`: which policy decides on which action, where policies come from and where they run. */
export const policiesSchema = z.strictObject({
  bindings: bindings
    .prefault({})
    .describe(
      'The policy that is asked before an action: a rule, a URI, {policy, parameters}, or null for none, on purpose.',
    ),
  clusters: z
    .record(identifier, bindings)
    .prefault({})
    .meta({ keysAre: 'cluster' })
    .describe("Policies of single clusters, by the cluster's id, in place of the network's."),
  rules: z
    .array(z.union([ruleName, ruleEntry], { error: 'must be the name of a rule, or an object {rule, …}' }))
    .prefault([])
    .describe('Rules of policies/rules to onboard. The ones that a binding names need no entry.'),
  executors: z
    .record(executorId, executor)
    .prefault({})
    .meta({ keysAre: 'executor' })
    .describe('Executors to register in the policies system, by id.'),
  publicDatabaseUrl: text
    .regex(/^mongodb(?:\+srv)?:\/\/\S+$/, { error: 'must be a connection string, mongodb://…' })
    .exactOptional()
    .meta({ secret: true })
    .describe(
      'Connection string of the database as executors reach it, encrypted. Upstream copies it in plain text into the Deployments of those that it sets up, which run no policy without it: docs/governance.md. Default: none that lets them in.',
    ),
  execution: z
    .strictObject({
      mode: z
        .enum(['local', 'remote'])
        .prefault('local')
        .describe('Where policies run: in the gateway, or in an executor.'),
      executor: executorId
        .exactOptional()
        .describe('One of `executors`; needed by mode remote. Default: executor-001, as upstream.'),
    })
    .prefault({})
    .describe('Where pre-check policies run.'),
  unlisted: z
    .enum(['keep', 'remove'])
    .prefault('keep')
    .describe('What happens to actions of the gateway and of `clusters` that are not named.'),
  onDelete: z
    .enum(['restore', 'clear'])
    .prefault('restore')
    .describe('What is left when bindings leave the stack: the policies from before it, or none.'),
  endpoints: endpoints
    .prefault({})
    .describe("Where the services are reached. Default: through the API server's service proxy."),
  code: z
    .strictObject({
      uploadUrl: httpUrl
        .exactOptional()
        .describe('Server that archives are PUT to and downloaded from. Default: the program deploys one.'),
      image: imageReference.prefault('busybox:1.37').describe('Image of that server; its `httpd` serves a directory.'),
    })
    .prefault({})
    .describe('Where the code of policies is downloaded from.'),
});

/** Section `policies` as the schema leaves it. */
export type PoliciesSection = z.infer<typeof policiesSchema>;

/** What `policies.rules` says about a rule, beyond its name. */
export type RuleOverrides = z.infer<typeof ruleEntry>;
