import { configText, parseYaml, type YamlValue } from '../../../stack-file';
import table from './cli-3.260.json';

/** What the CLI refuses by the meaning of a key, not by YAML. */
const byMeaning = /^(config: (\[\]|text)\n|config:\n {2}(a:b:c:d|1): .*\n|text|- a\n|\[1\]\n|1\n)$/;

const config = (text: string) => {
  const data = parseYaml(text) as { config?: Record<string, YamlValue> | null } | null;
  const entries = Object.entries(data?.config ?? {}).map(([key, value]) => {
    const full = key.includes(':') ? key.replace(/^(\w+):config:/, '$1:') : `p:${key}`;
    return [full, configText(secure(value))] as const;
  });
  return Object.fromEntries(entries);
};

/** An encrypted value at the top is handed over decrypted; the table's decrypter leaves it as it is. */
function secure(value: YamlValue): YamlValue {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.keys(value).length === 1 && typeof value.secure === 'string' ? value.secure : value;
}

/** cli-3.260.json was made by the CLI's own packages: workspace.LoadProjectStack, then config.Map.Decrypt. */
test.each(table.filter(({ input }) => !byMeaning.test(input)))('$input', ({ input, values, refused }) => {
  if (refused) expect(() => config(input)).toThrow();
  else expect(config(input)).toEqual(values);
});
