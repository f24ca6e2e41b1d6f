import { DATABASE_SECTIONS } from '../../catalogue';
import { isKubeconfigContents } from '../cluster';
import type { Problem } from '../problems';
import type { Check, Subject } from './check';

/** Encrypts a value in the stack's file. */
const encrypt = (project: string) => `pulumi config set --path --secret '${project}'`;

function plainSecrets({ sections, secretSections }: Subject): Problem[] {
  const { services, policies, cluster } = sections;
  const problems: Problem[] = DATABASE_SECTIONS.filter(
    (name) => hasStore(sections[name]) && !secretSections.includes(name),
  ).map((name) => ({
    path: [name, 'backup', 'to', 's3', 'secretAccessKey'],
    rule: 'must be encrypted, and stands in the file as plain text',
    fix: `${encrypt(`${name}.backup.to.s3.secretAccessKey`)}, and replace the key: it may be in git already`,
  }));
  if (policies !== undefined && !secretSections.includes('policies')) {
    problems.push(
      ...policySecrets(policies).map((path) => ({
        path,
        rule: 'must be encrypted, and stands in the file as plain text',
        fix: `${encrypt(path.join('.'))}, and replace it: it may be in git already`,
      })),
    );
  }
  if (services?.registryCredentials !== undefined && !secretSections.includes('services')) {
    problems.push({
      path: ['services', 'registryCredentials', 'password'],
      rule: 'must be encrypted, and stands in the file as plain text',
      fix: `${encrypt('services.registryCredentials.password')}, and replace the password: it may be in git already`,
    });
  }
  if (isKubeconfigContents(cluster?.kubeconfig) && !secretSections.includes('cluster')) {
    problems.push({
      path: ['cluster', 'kubeconfig'],
      rule: 'must be encrypted, or be the path of a file',
      fix: encrypt('cluster.kubeconfig'),
    });
  }
  return problems;
}

const hasStore = (database: Subject['sections']['registry']) =>
  database?.backup !== undefined && 's3' in database.backup.to;

/** Paths of the secrets in section `policies`. */
function policySecrets({
  endpoints,
  executors,
  publicDatabaseUrl,
}: NonNullable<Subject['sections']['policies']>): string[][] {
  const tokens = Object.entries(endpoints).filter(([, { token }]) => token !== undefined);
  const kubeconfigs = Object.entries(executors).filter(([, { infrastructure }]) => infrastructure !== undefined);
  return [
    ...tokens.map(([name]) => ['policies', 'endpoints', name, 'token']),
    ...kubeconfigs.map(([id]) => ['policies', 'executors', id, 'infrastructure', 'kubeconfig']),
    ...(publicDatabaseUrl === undefined ? [] : [['policies', 'publicDatabaseUrl']]),
  ];
}

/** Only what the program treats as a secret may be encrypted: the rest ends in plain in the state and the cluster. */
function misplacedSecrets({ sections, secretSections }: Subject): Problem[] {
  const holdsSecret: Record<string, boolean> = {
    services: sections.services === undefined || sections.services.registryCredentials !== undefined,
    policies: sections.policies === undefined || policySecrets(sections.policies).length > 0,
    registry: sections.registry === undefined || hasStore(sections.registry),
    metrics: sections.metrics === undefined || hasStore(sections.metrics),
    cluster: sections.cluster === undefined || sections.cluster.kubeconfig !== undefined,
  };
  return secretSections
    .filter((section) => section in sections && holdsSecret[section] !== true)
    .map((section) => ({
      path: [section],
      rule: 'holds an encrypted value where the program expects none: it would end as plain text in the state',
      fix:
        'encrypt only services.registryCredentials.password, cluster.kubeconfig, backup.to.s3.secretAccessKey, and tokens, kubeconfigs and publicDatabaseUrl of policies; ' +
        'put others into a Secret',
    }));
}

/** What must be encrypted, and what must not be. */
export const secretChecks: Check = (subject) => [...plainSecrets(subject), ...misplacedSecrets(subject)];
