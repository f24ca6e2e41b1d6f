import eslint from '@eslint/js';
import { createNodeResolver, importX } from 'eslint-plugin-import-x';
import tseslint from 'typescript-eslint';
import { ZONES } from './eslint.houses.mjs';

/** Ways to import that import-x/no-restricted-paths does not look at. */
const UNSEEN_IMPORTS = [
  {
    selector: "CallExpression[callee.name='createRequire'][arguments.0.name='__filename']",
    message: 'Call require itself.',
  },
  { selector: ':not(TSTypeQuery) > TSImportType', message: 'Use import type.' },
];

const LOWER_CASE_CONSTANT = {
  selector: [
    "Program > :matches(VariableDeclaration[kind='const'], ExportNamedDeclaration > VariableDeclaration[kind='const'])",
    `VariableDeclarator:matches(${[
      "[init.type='Literal']",
      "[init.type='TemplateLiteral'][init.expressions.length=0]",
      "[init.left.type='Literal'][init.right.type='Literal']",
      "[init.typeAnnotation.typeName.name='const']",
      "[init.expression.typeAnnotation.typeName.name='const']",
    ].join()})`,
    'Identifier[name=/[a-z]/].id',
  ].join(' > '),
  message: 'A constant is written in CAPITALS.',
};

export default tseslint.config(
  {
    ignores: ['node_modules', '.aios', 'eslint.*.mjs', 'jest.config.js', 'test/unit/houses/lint-texts.mjs'],
  },
  eslint.configs.recommended,
  tseslint.configs.strictTypeChecked,
  tseslint.configs.stylisticTypeChecked,
  {
    plugins: { 'import-x': importX },
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    settings: { 'import-x/resolver-next': [createNodeResolver({ extensions: ['.ts', '.js', '.cjs', '.json'] })] },
    rules: {
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      '@typescript-eslint/consistent-type-imports': [
        'error',
        { fixStyle: 'inline-type-imports', disallowTypeAnnotations: false },
      ],
      '@typescript-eslint/no-import-type-side-effects': 'error',
      // What takes long to load may be required late; the houses hold for that too, but not for what stands below.
      '@typescript-eslint/no-require-imports': 'off',
      'no-restricted-syntax': ['error', ...UNSEEN_IMPORTS],
      'import-x/no-restricted-paths': ['error', { basePath: import.meta.dirname, zones: ZONES }],
    },
  },
  {
    // CommonJS: nothing compiles them, as they run before a compiler is registered.
    files: [
      'infra/{main,lean}.js',
      'operations/start.js',
      'policies/{guardrails,provider}/{index,program}.js',
      'embedded/pulumi/random/index.js',
      'embedded/engine/{language,policy-pack}/*.cjs',
    ],
    extends: [tseslint.configs.disableTypeChecked],
    languageOptions: {
      sourceType: 'commonjs',
      globals: {
        require: 'readonly',
        module: 'writable',
        exports: 'writable',
        __dirname: 'readonly',
        __filename: 'readonly',
        process: 'readonly',
        Buffer: 'readonly',
      },
    },
  },
  {
    // Parts of one script, which see each other: tsc checks them, by their folder's own tsconfig.json.
    files: ['infra/database/members/*.js', 'infra/database/backup/scripts/*.js'],
    extends: [tseslint.configs.disableTypeChecked],
    languageOptions: { sourceType: 'script' },
    rules: {
      'no-undef': 'off',
      '@typescript-eslint/no-unused-vars': ['error', { vars: 'local' }],
    },
  },
  {
    // What is declared of a script's globals can't be imported.
    files: ['infra/database/members/globals.d.ts', 'infra/database/backup/scripts/globals.d.ts'],
    rules: { 'no-restricted-syntax': 'off' },
  },
  {
    // One style of constants: what is a value for good, and no part of a function, is written in capitals.
    files: ['infra/**', 'policies/**', 'operations/**', 'embedded/**'],
    ignores: ['**/*.d.ts'],
    rules: { 'no-restricted-syntax': ['error', ...UNSEEN_IMPORTS, LOWER_CASE_CONSTANT] },
  },
);
