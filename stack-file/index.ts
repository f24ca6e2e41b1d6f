export { configKey } from './config-key';
export { configText } from './config-text';
export { YamlError } from './syntax';
export { type YamlValue, parseYaml } from './yaml';
