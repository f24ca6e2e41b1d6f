import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { readStack } from '../../../../operations/verify/stack-file';

function reading(text: string) {
  const project = mkdtempSync(path.join(tmpdir(), 'verified-'));
  mkdirSync(path.join(project, 'stacks'));
  writeFileSync(path.join(project, 'stacks', 'Pulumi.dev.yaml'), text);
  return () => readStack(project, 'dev', {});
}

test('what is no YAML is told by file, line and column', () => {
  expect(reading('config:\n  aios-network:cluster: { context: prod\n')).toThrow(/stacks\/Pulumi\.dev\.yaml:3:1: /);
});

test('an integer that no number holds is told as a problem of the configuration', () => {
  const text = 'config:\n  aios-network:gateway: { replicas: 9007199254740993 }\n';
  expect(reading(text)).toThrow(/the configuration of stack dev cannot be used/);
});
