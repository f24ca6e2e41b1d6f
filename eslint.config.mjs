import eslint from '@eslint/js';
import tseslint from 'typescript-eslint';

export default tseslint.config(
  {
    ignores: [
      'node_modules',
      '.aios',
      'infra/database/members/*.js',
      'embedded/engine/language/preload.cjs',
      'embedded/engine/protocol/fast-struct.cjs',
      'policies/provider/index.js',
      'eslint.config.mjs',
      'jest.config.js',
    ],
  },
  eslint.configs.recommended,
  tseslint.configs.strictTypeChecked,
  tseslint.configs.stylisticTypeChecked,
  {
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    rules: {
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      // The house: with the real CLI and a real cluster, embedded/ and test/ could be deleted.
      'no-restricted-imports': 'off',
    },
  },
  {
    files: ['infra/**', 'policies/**'],
    rules: {
      'no-restricted-imports': ['error', { patterns: ['**/embedded/**', '**/test/**'] }],
    },
  },
  {
    files: ['embedded/engine/**'],
    rules: {
      // The engine knows nothing about AIOS.
      'no-restricted-imports': ['error', { patterns: ['**/infra/**', '**/policies/**', '**/embedded/cluster/**'] }],
    },
  },
);
