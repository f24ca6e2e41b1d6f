import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { recordedRequests } from '../../../../operations/record-requests/recorded';
import { requestsInFiles } from '../../../../operations/policy-impact/requests/files';
import { findPython } from '../../../../policies/runner';
import { loadRule } from '../../../../policies/packaging';
import { node, Project } from '../policy-impact/project';

const RULE = path.join(__dirname, '../../../../policies/rules/audit-only');

/** What the rule writes, as the gateway's logging has it. */
function logOf(requests: readonly unknown[], fields: readonly string[]): string {
  const source =
    loadRule(RULE)
      .files.find((file) => file.path === 'code/function.py')
      ?.content.toString('utf8') ?? '';
  const script = `${source}
import sys
logging.basicConfig(level=logging.INFO)
for request in json.loads(sys.argv[1]):
    AIOSv1PolicyRule("", {}, {}).eval({"fields": json.loads(sys.argv[2])}, request, None)
`;
  const args = [
    '-c',
    `import subprocess, sys; print(subprocess.run([sys.executable, "-c", sys.argv[1], *sys.argv[2:]], stderr=subprocess.PIPE, text=True).stderr)`,
  ];
  return execFileSync(findPython().command, [...args, script, JSON.stringify(requests), JSON.stringify(fields)], {
    encoding: 'utf8',
  });
}

test('what audit-only logs becomes requests that can be replayed, counted where they are equal', () => {
  const removal = {
    node_id: 'n-1',
    cluster_data: { id: 'c-1', tags: ['gpu'] },
    cluster_metrics: {},
    block_instances: [],
  };
  const log = logOf(
    [node('n-9', 2), node('n-9', 2), removal, { id: 'c-2', regionId: 'eu' }, { cluster_id: 'c-3' }],
    ['cluster_data.nodes.count', 'cluster_data.tags', 'regionId'],
  );
  expect(log).toContain('INFO:aios.policies.audit-only:audit {');
  const { requests, lines, unusable } = recordedRequests(['GET / 200', ...log.split('\n')], 'prod');
  expect({ lines, unusable }).toEqual({ lines: 5, unusable: 0 });
  expect(requests.map(({ action, input, times }) => [action, input, times])).toEqual([
    [
      'add_node',
      { node_data: { id: 'n-9' }, cluster_data: { id: 'c-1', nodes: { count: 2 } }, cluster_metrics: {} },
      2,
    ],
    ['remove_node', { node_id: 'n-1', cluster_data: { id: 'c-1', tags: ['gpu'] }, cluster_metrics: {} }, 1],
    ['add_cluster', { id: 'c-2', regionId: 'eu' }, 1],
    ['remove_cluster', { cluster_id: 'c-3' }, 1],
  ]);
  const project = new Project().requests(requests);
  expect(requestsInFiles(project.folder, 'prod')).toHaveLength(4);
  expect(requestsInFiles(project.folder, 'dev')).toEqual([]);
  project.remove();
});

test.each([
  ['a field that no decision depends on', 'cluster_data.config.token', 'abc'],
  ['an address', 'node_data.tags', ['10.1.2.3']],
  ['somebody', 'cluster_data.id', 'jane@example.org'],
  ['a URL', 'cluster_data.id', 'https://jane@example.org'],
  ['a token', 'node_data.id', 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.x'],
  ['a key', 'node_data.id', 'ghp_0123456789'],
  ['what is too long for a name', 'node_data.id', 'a'.repeat(40)],
  ['what is called a password', 'cluster_data.regionId', 'password=x'],
  ['a whole object', 'cluster_data.id', '{"a": 1}'],
])('%s does not stay', (_, field, value) => {
  const logged = typeof value === 'string' ? value : JSON.stringify(value);
  const found = { 'node_data.gpus.count': 1, [field]: logged };
  const line = `INFO:x:audit ${JSON.stringify({ label: null, keys: ['cluster_data', 'node_data'], found })}`;
  const { requests, removed } = recordedRequests([line], 'prod');
  expect(JSON.stringify(requests)).not.toContain(logged.slice(0, 12));
  expect([...removed]).toEqual([[field, 1]]);
  expect(requests).toHaveLength(1);
});

test('a line of no known form is counted, and one that is cut off as well', () => {
  const { requests, lines, unusable } = recordedRequests(
    ['audit {"keys": ["x"], "found": {}}', 'audit {"keys": ['],
    'prod',
  );
  expect({ requests, lines, unusable }).toEqual({ requests: [], lines: 2, unusable: 2 });
});
