import { execFile } from 'node:child_process';
import { mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { send } from '../embedded/network/client';
import { onboard } from '../embedded/network/policies';
import { withFolder, withNetwork } from '../embedded/network/temporary-network';

const DOCS = path.join(__dirname, '../../../docs');

/** The commands of a section of the guide. */
async function commandsOf(section: string): Promise<string> {
  const guide = await readFile(path.join(DOCS, 'governance.md'), 'utf8');
  const text = guide.split(/^## /m).find((part) => part.includes(section)) ?? '';
  return [...text.matchAll(/```sh\n([^]*?)```/g)].map(([, block]) => block).join('\n');
}

test("the guide's calls are answered, by a network that knows the token of its start", async () => {
  const commands = await commandsOf('Ask it');
  await withNetwork({}, async (network) => {
    const isOffice = 'input_data["node_data"]["id"].startswith("office-")';
    const rule = await onboard(network, 'office-nodes', `return {"allowed": ${isOffice}, "input_data": input_data}`);
    const never = await onboard(network, 'read-only', 'return {"allowed": False, "input_data": "read-only"}');
    const bindings = { add_node: { policyRuleURI: rule, parameters: {} }, remove_cluster: never };
    await send(network.gateway, 'POST', '/pre-check-policies/update', bindings);
    await withFolder(async (directory) => {
      await mkdir(path.join(directory, '.aios/network'), { recursive: true });
      await writeFile(path.join(directory, '.aios/network/endpoint.json'), JSON.stringify({ access: network }));
      await symlink(DOCS, path.join(directory, 'docs'));
      const { stdout, stderr } = await promisify(execFile)('bash', ['-c', commands], { cwd: directory });
      expect(stderr).toBe('');
      const answers = stdout.split('\n').filter((line) => line !== '');
      expect(answers.map((answer) => JSON.parse(answer) as unknown)).toMatchObject([
        { success: true, data: { id: 'cluster-456' } },
        { success: true },
        { success: true, allowed: true },
        { allowed: true },
        { success: false, data: expect.stringContaining('read-only') as unknown },
      ]);
      const denied = commands.split('\n').filter((line) => /^at\(\)|^ask\(\)|office-1/.test(line));
      const script = denied.join('\n').replaceAll('office-1', 'kitchen-1');
      const asked = await promisify(execFile)('bash', ['-c', script], { cwd: directory });
      expect(asked.stdout).toMatch(/"allowed":false.*\n+.*"allowed":false/);
    });
  });
});
