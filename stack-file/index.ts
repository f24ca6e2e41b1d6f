export { configKey } from './config-key';
export { configText } from './config-text';
export { type YamlValue, YamlError, parseYaml } from './yaml';
