import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { clusterEntry } from '../../../../embedded/network';
import { authorization, send } from './client';

/** Formats of Python's shutil.make_archive. */
export type ArchiveFormat = 'zip' | 'tar' | 'gztar' | 'bztar' | 'xztar';

/** An archive of these files, by path. */
export function archive(files: Record<string, string>, format: ArchiveFormat = 'gztar'): Buffer {
  const folder = mkdtempSync(path.join(tmpdir(), 'aios-archive-'));
  try {
    for (const [name, text] of Object.entries(files)) {
      const file = path.join(folder, 'content', name);
      mkdirSync(path.dirname(file), { recursive: true });
      writeFileSync(file, text);
    }
    const script = 'import shutil, sys; print(shutil.make_archive(*sys.argv[1:]))';
    const args = ['-I', '-c', script, path.join(folder, 'archive'), format, path.join(folder, 'content')];
    return readFileSync(execFileSync('python3', args, { encoding: 'utf8' }).trim());
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** function.py whose eval has this body. */
export function functionPy(body: string): string {
  return [
    'class AIOSv1PolicyRule:',
    '    def __init__(self, rule_id, settings, parameters):',
    '        self.rule_id, self.settings, self.parameters = rule_id, settings, parameters',
    '    def eval(self, parameters, input_data, context):',
    ...body.split('\n').map((line) => `        ${line}`),
    '',
  ].join('\n');
}

/** A policy with every field that the policies system asks for. */
export function policy(overrides: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    name: 'rule',
    version: 'v0.0.1',
    release_tag: 'stable',
    metadata: {},
    tags: [],
    code: '',
    code_type: 'zip',
    type: 'pre-check',
    policy_input_schema: {},
    policy_output_schema: {},
    policy_settings_schema: {},
    policy_parameters_schema: {},
    policy_settings: {},
    policy_parameters: {},
    description: 'a rule',
    functionality_data: {},
    resource_estimates: {},
    ...overrides,
  };
}

/** A cluster's entry with every field that the registry asks for. */
export function cluster(id: string, overrides: Record<string, unknown> = {}): Record<string, unknown> {
  return { ...clusterEntry(id), ...overrides };
}

/** Onboards a rule whose eval has this body. @returns its URI */
export async function onboard(
  network: { policyCode: string; policiesSystem: string },
  name: string,
  body: string,
  more: { files?: Record<string, string>; parameters?: Record<string, unknown> } = {},
): Promise<string> {
  const content = archive({ 'code/function.py': functionPy(body), 'code/requirements.txt': '', ...more.files });
  const code = `${network.policyCode}/${name}.tar.gz`;
  const headers = { ...authorization(code), 'content-type': 'application/gzip' };
  await fetch(code, { method: 'PUT', headers, body: content });
  await send(
    network.policiesSystem,
    'POST',
    '/policy',
    policy({ name, code, policy_parameters: more.parameters ?? {} }),
  );
  return `${name}:v0.0.1-stable`;
}
