const common = {
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      { jsc: { parser: { syntax: 'typescript' }, target: 'es2022' }, module: { type: 'commonjs' } },
    ],
  },
  testEnvironment: 'node',
  // etcd's own .snap files are no snapshots of tests.
  modulePathIgnorePatterns: ['<rootDir>/.aios/'],
};

/** @type {import('jest').Config} */
module.exports = {
  // Generous: a time-out is to catch what hangs, not to measure a busy machine.
  testTimeout: 60_000,
  globalSetup: '<rootDir>/test/temporary-folder/make.ts',
  globalTeardown: '<rootDir>/test/temporary-folder/remove.ts',
  projects: [
    { ...common, displayName: 'unit', testMatch: ['<rootDir>/test/unit/**/*.test.ts'] },
    { ...common, displayName: 'golden', testMatch: ['<rootDir>/test/golden/**/*.test.ts'] },
    { ...common, displayName: 'integration', testMatch: ['<rootDir>/test/integration/**/*.test.ts'] },
  ],
};
