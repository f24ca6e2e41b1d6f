import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { findPython } from '../../../../policies/runner';

let folder: string;

beforeEach(() => (folder = mkdtempSync(path.join(tmpdir(), 'aios-python-'))));
afterEach(() => {
  rmSync(folder, { recursive: true });
  delete process.env.PYTHON;
});

function fakePython(says: string): string {
  const file = path.join(folder, 'python3');
  writeFileSync(file, `#!/bin/sh\necho ${says}\n`);
  chmodSync(file, 0o755);
  return file;
}

test('is the one that PYTHON names, as the interpreter itself and not as its launcher', () => {
  process.env.PYTHON = fakePython('3.12.1 "/opt/my python/bin/python3.12"');
  expect(findPython()).toEqual({ command: '/opt/my python/bin/python3.12', version: '3.12.1' });
});

test('is python3 where PYTHON is empty', () => {
  process.env.PYTHON = '';
  expect(findPython().version).toMatch(/^3\./);
});

test('says in one sentence which Python is missing', () => {
  const sentence = (found: string) =>
    `rules are Python and need 3.9 or newer to run here, but ${found}; install it, or name another one with PYTHON=/path/to/python3`;
  const old = fakePython('3.8.10 /usr/bin/python3');
  expect(() => findPython(old)).toThrow(sentence(`${old} is 3.8.10`));
  expect(() => findPython('/no/such/python')).toThrow(sentence('/no/such/python cannot be run'));
});
