/**
 * Who may import whom: the files of a folder import that folder, packages, and what its line names, be it a folder or the
 * index file that is its only door. A folder within another keeps to both lines.
 * test/unit/houses/ tries every line; why they run this way: docs/architecture.md.
 */
export const HOUSES = {
  infra: [
    ...['policies/actions.ts', 'policies/guardrails/settings.ts', 'policies/nearest.ts'],
    ...['policies/packaging/index.ts', 'policies/proof/index.ts', 'policies/resources/index.ts'],
  ],
  // Data flows one way: what the network consists of, what a stack says about it, what is made of that.
  'infra/catalogue': [],
  'infra/config': [
    'infra/catalogue',
    'policies/actions.ts',
    'policies/guardrails/settings.ts',
    'policies/nearest.ts',
    'policies/packaging/index.ts',
  ],
  'infra/workload': ['infra/catalogue/namespaces.ts', 'infra/config/image.ts'],
  'infra/exposure': ['infra/config', 'infra/workload'],
  'infra/database': ['infra/catalogue', 'infra/config', 'infra/workload', 'policies/resources/index.ts'],
  'infra/monitoring': ['infra/catalogue', 'infra/config', 'infra/database/backup/names.ts', 'infra/workload'],
  'infra/services': ['infra/catalogue', 'infra/config', 'infra/exposure', 'infra/workload'],
  'infra/gateway': ['infra/catalogue', 'infra/config', 'infra/workload', 'policies/actions.ts'],
  'infra/governance': [
    ...['infra/catalogue', 'infra/config', 'infra/exposure', 'infra/gateway', 'infra/workload'],
    ...['policies/actions.ts', 'policies/packaging/index.ts', 'policies/proof/index.ts', 'policies/resources/index.ts'],
  ],

  policies: ['kubernetes-api/index.ts', 'stack-file/index.ts'],
  'policies/actions.ts': [],
  'policies/nearest.ts': [],
  'policies/runner': [],
  'policies/pre-checks': [],
  'policies/guardrails': ['policies/actions.ts'],
  'policies/packaging': ['policies/actions.ts', 'policies/runner/index.ts'],
  'policies/resources': ['policies/actions.ts'],
  'policies/provider': ['policies/actions.ts', 'policies/nearest.ts', 'kubernetes-api/index.ts', 'stack-file/index.ts'],

  // That what is bound can be run, asked of the services that the provider writes to.
  'policies/proof': ['policies/packaging/index.ts', 'policies/provider', 'policies/runner/index.ts'],

  // How the pulumi CLI reads a stack's file, for whoever reads one beside it.
  'stack-file': [],

  // Kubeconfigs, login programs and proxies as kubectl has them, and the client of API servers that goes by them.
  'kubernetes-api': ['stack-file/index.ts'],

  operations: ['infra', 'policies', 'kubernetes-api/index.ts', 'stack-file/index.ts'],
  'operations/report': [
    ...['infra', 'stack-file/index.ts', 'operations/diagram', 'operations/command-line.ts', 'operations/markup.ts'],
    'operations/verify/stack-file.ts',
  ],
  'operations/diagram': [
    'infra',
    'operations/command-line.ts',
    'operations/markup.ts',
    'operations/verify/stack-file.ts',
  ],

  'embedded/shared': ['kubernetes-api/errors.ts'],
  // It runs any Pulumi program, and knows nothing about AIOS.
  'embedded/engine': ['embedded/shared', 'kubernetes-api/index.ts', 'stack-file/index.ts'],
  'embedded/cluster': ['embedded/shared', 'kubernetes-api/index.ts'],
  // The real CLI, built from source, and the engine's random provider served to it.
  'embedded/pulumi': ['embedded/shared', 'embedded/engine/providers/random/index.ts'],
  'embedded/network': [
    'embedded/shared',
    'kubernetes-api/index.ts',
    'policies/pre-checks/index.ts',
    'policies/runner/index.ts',
  ],
  // It starts operations/ as a process of their own.
  'embedded/launcher': [
    'embedded/shared',
    'embedded/cluster/index.ts',
    'embedded/network/index.ts',
    'embedded/engine/index.ts',
    'embedded/pulumi/index.ts',
    'policies/runner/index.ts',
    'stack-file/index.ts',
  ],
  // Brings stacks up as commits have them, each with its own copy of the engine.
  'embedded/review': [
    'embedded/shared',
    'kubernetes-api/index.ts',
    'embedded/cluster/index.ts',
    'embedded/network/index.ts',
    'embedded/engine/index.ts',
    'stack-file/index.ts',
  ],

  examples: ['infra/database/mongo-replica-set.ts', 'policies/packaging/index.ts', 'policies/resources/index.ts'],
};

/** The zones of import-x/no-restricted-paths. */
export const ZONES = Object.entries(HOUSES).map(([house, known]) => ({
  target: house,
  from: '.',
  except: [house, ...known, 'node_modules'],
  message: `${house} knows ${known.length === 0 ? 'only itself' : known.join(', ')}: see eslint.houses.mjs.`,
}));
