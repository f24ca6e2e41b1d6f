import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { loadRule, packageRule } from '../../../../policies/packaging';
import { sha256, tarGz } from '../../../../policies/packaging/archive';
import { findPython } from '../../../../policies/runner';
import { removeFolders, ruleFolder, temporaryFolder } from './rule-folder';

afterEach(removeFolders);

const FILES = [
  { path: 'code/requirements.txt', content: Buffer.alloc(0) },
  { path: 'code/function.py', content: Buffer.from('class AIOSv1PolicyRule: pass\n') },
];

test('packs the same bytes for ever', () => {
  expect(sha256(tarGz(FILES))).toBe('1892ebebfd65e785a87f8afeca21c9865490c00e5a269d9f091e848d8f16ee29');
});

test('does not depend on order, permissions, times and leftovers', () => {
  const plain = packageRule(loadRule(ruleFolder()));
  const touched = ruleFolder();
  const code = path.join(touched, 'code');
  chmodSync(path.join(code, 'function.py'), 0o700);
  utimesSync(path.join(code, 'function.py'), 1, 1);
  mkdirSync(path.join(code, '__pycache__'));
  writeFileSync(path.join(code, '__pycache__', 'function.cpython-311.pyc'), 'x');
  writeFileSync(path.join(code, '.function.py.swp'), 'x');
  expect(packageRule(loadRule(touched))).toEqual(plain);
  expect(tarGz(FILES.toReversed())).toEqual(tarGz(FILES));
  expect(plain.fileName).toBe('rule-name-v0.0.1-stable.tar.gz');
});

test('other code gives another checksum', () => {
  const rule = loadRule(ruleFolder({ 'code/requirements.txt': 'requests\n' }));
  expect(packageRule(rule).sha256).not.toBe(packageRule(loadRule(ruleFolder())).sha256);
});

// As the gateway does it.
test('is unpacked by Python, with the folder code at the top', () => {
  const folder = temporaryFolder();
  const file = path.join(folder, 'rule.tar.gz');
  // More than one stored block.
  const large = Buffer.alloc(200_000, 'abcdefg');
  writeFileSync(file, tarGz([...FILES, { path: 'code/data/large.txt', content: large }]));
  const list =
    'import sys, tarfile; print([(m.name, m.size, oct(m.mode), m.mtime) for m in tarfile.open(sys.argv[1])])';
  expect(spawnSync(findPython().command, ['-c', list, file], { encoding: 'utf8' }).stdout.trim()).toBe(
    "[('code', 0, '0o755', 0), ('code/data', 0, '0o755', 0), ('code/data/large.txt', 200000, '0o644', 0), " +
      "('code/function.py', 29, '0o644', 0), ('code/requirements.txt', 0, '0o644', 0)]",
  );
  expect(gunzipSync(tarGz([{ path: 'large', content: large }])).includes(large)).toBe(true);
});

test('does not follow links out of the folder', () => {
  const folder = ruleFolder();
  symlinkSync('/etc/passwd', path.join(folder, 'code', 'data.txt'));
  expect(() => loadRule(folder)).toThrow('code/data.txt: is neither a file nor a folder; put a copy there');
});
