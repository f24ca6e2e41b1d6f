import { DATABASE_SECTIONS, DEFAULT_DOMAIN, type DatabaseKey } from '../../catalogue';
import type { DatabaseSection } from '../database';
import type { Problem } from '../problems';
import type { Sections } from '../sections';
import type { Check } from './check';

/** Steps between upstream's databases and one's own are for those that are upstream's. */
function ownDatabase(name: DatabaseKey, { authentication }: DatabaseSection): Problem[] {
  if (authentication === 'enforced') return [];
  return [
    {
      path: [name, 'authentication'],
      value: authentication,
      rule: 'must be enforced: only a network that upstream installed is without passwords at first',
      fix: 'remove the key; where the network is to be taken over, set cluster.adopt: true (docs/adopt.md)',
      reads: [['cluster', 'adopt']],
    },
  ];
}

/** Upstream has one layout alone: a directory of a node for each member. */
function upstreamLayout(name: DatabaseKey, { storage }: DatabaseSection): Problem[] {
  if ('localPath' in storage) return [];
  return [
    {
      path: [name, 'storage'],
      rule: "must be the localPath that upstream's installer has the data in, as cluster.adopt is true",
      fix: `storage: { localPath: /mnt/data/${name === 'registry' ? 'registry' : 'metrics-db'} }, with ${name}.nodes in the order of the members: \`make adopt\` tells them`,
      reads: [['cluster', 'adopt']],
    },
  ];
}

/** Backups log in, and so need users. */
function noUsersNoBackup(name: DatabaseKey, { backup, authentication }: DatabaseSection): Problem[] {
  if (backup === undefined || authentication !== 'none') return [];
  return [
    {
      path: [name, 'backup'],
      rule: `needs users, and ${name}.authentication is none`,
      fix: `remove it until ${name}.authentication is transition`,
      reads: [[name, 'authentication']],
    },
  ];
}

/** One thing at a time: until all have passwords, members and services go by upstream's connection strings. */
function passwordsBeforeTls(name: DatabaseKey, { tls, authentication }: DatabaseSection): Problem[] {
  if (tls === undefined || authentication === 'enforced') return [];
  return [
    {
      path: [name, 'tls'],
      rule: `needs passwords first, and ${name}.authentication is ${authentication}`,
      fix: `remove it until ${name}.authentication is enforced`,
      reads: [[name, 'authentication']],
    },
  ];
}

function usualDomain({ domain }: Sections['cluster']): Problem[] {
  if (domain === DEFAULT_DOMAIN) return [];
  return [
    {
      path: ['cluster', 'domain'],
      value: domain,
      rule: `must be ${DEFAULT_DOMAIN}: the members of a set that upstream installed know each other by names that end in it`,
      fix: 'remove it',
      reads: [['cluster', 'adopt']],
    },
  ];
}

/** What must hold for a network that is taken over, and what is for such a network alone. */
export const adoptionChecks: Check = ({ sections }) => {
  const { cluster } = sections;
  if (cluster === undefined) return [];
  const rules = cluster.adopt ? [upstreamLayout, noUsersNoBackup, passwordsBeforeTls] : [ownDatabase];
  return [
    ...(cluster.adopt ? usualDomain(cluster) : []),
    ...DATABASE_SECTIONS.flatMap((name) => {
      const database = sections[name];
      return database === undefined ? [] : rules.flatMap((rule) => rule(name, database));
    }),
  ];
};
