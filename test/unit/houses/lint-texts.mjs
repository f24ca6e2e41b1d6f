// Which lines of the texts that come in as JSON the linter refuses to import, as if each text were in the file that it
// names. Jest cannot load ESLint's ES modules.
import { text } from 'node:stream/consumers';
import { ESLint } from 'eslint';
import tseslint from 'typescript-eslint';

const BREACHES = ['import-x/no-restricted-paths', 'no-restricted-syntax'];

const eslint = new ESLint({
  overrideConfig: [
    { ...tseslint.configs.disableTypeChecked, files: ['**'] },
    { languageOptions: { parserOptions: { projectService: false } } },
  ],
});

const results = [];
for (const { file, code } of JSON.parse(await text(process.stdin))) {
  const [{ messages }] = await eslint.lintText(code, { filePath: file });
  const breaches = messages.filter(({ ruleId }) => BREACHES.includes(ruleId));
  results.push(breaches.map(({ line, message }) => ({ line, message })));
}
process.stdout.write(JSON.stringify(results));
