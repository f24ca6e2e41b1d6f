import { spawnSync } from 'node:child_process';
import path from 'node:path';

const CHECKOUT = path.join(__dirname, '../../../..');

function images(...args: string[]) {
  const command = ['--require', './operations/start.js', 'operations/images/cli.ts', ...args];
  // No home: neither a kubeconfig nor credentials.
  return spawnSync(process.execPath, command, {
    cwd: CHECKOUT,
    encoding: 'utf8',
    env: { PATH: process.env.PATH, HOME: '/nonexistent' },
  });
}

test('prints the images of a stack without its cluster', () => {
  const { status, stdout, stderr } = images('prod', '--json');
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  const printed = JSON.parse(stdout) as { image: string; digest?: string; containers: string[]; handedOn: string[] }[];
  const of = (part: string) => printed.find(({ image }) => image.includes(part));
  expect(of('mongo:')?.containers).toContain('registries/registry/keyfile');
  expect(of('/mgmt/parser@')?.digest).toMatch(/^sha256:/);
  expect(of('/policies/executor:')?.handedOn).toEqual(['policies-system/EXECUTOR_CONTAINER_IMAGE_NAME']);
});

test.each([
  [['prod', '--script', 'docker', '--to', 'x.example.org'], '--script: "docker" is neither skopeo nor crane'],
  [['prod', '--script', 'crane', '--to', 'https://x'], '--to: "https://x" must be host[:port][/path]'],
])('refuses %s', (args, problem) => {
  const { status, stderr } = images(...args);
  expect(status).toBe(2);
  expect(stderr).toContain(`error: ${problem}`);
});
