import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { json } from 'node:stream/consumers';
import { loadRule, RULES_ROOT, runCases } from '../../../../policies/packaging';
import { findPython } from '../../../../policies/runner';

const rule = loadRule(path.join(RULES_ROOT, 'block-quota'));

let asked: unknown[];
let answer: unknown;
let registry: Server;

beforeEach(async () => {
  asked = [];
  registry = createServer((request, response) => {
    void json(request).then((body) => {
      asked.push([request.method, request.url, body]);
      response.setHeader('content-type', 'application/json').end(JSON.stringify(answer));
    });
  }).listen(0, '127.0.0.1');
  await once(registry, 'listening');
});

afterEach(() => registry.close());

/** What the rule answers to a block on a cluster that may have two. */
async function outcome(blocks: unknown): Promise<string> {
  answer = blocks;
  const [result] = await runCases(
    {
      ...rule,
      cases: [
        {
          name: '',
          file: '',
          settings: { blocks_registry: `http://127.0.0.1:${(registry.address() as AddressInfo).port}` },
          parameters: { max_blocks: 2 },
          input: { block_data: {}, cluster_data: { id: 'cluster-1' } },
          mode: 'local',
          context: null,
          stubs: {},
          malformed: [],
          expected: { allowed: true },
        },
      ],
    },
    { python: findPython() },
  );
  return result?.failure ?? 'allowed';
}

test('asks the blocks registry for the blocks of the cluster, no more than it has to know', async () => {
  expect(await outcome([{ id: 'a' }])).toBe('allowed');
  expect(asked).toEqual([['POST', '/blocks/query', { query: { 'cluster.id': 'cluster-1' }, options: { limit: 2 } }]]);
});

test.each([
  [[{ id: 'a' }, { id: 'b' }], 'has its 2 blocks'],
  [{ success: true, data: [{ id: 'a' }, { id: 'b' }] }, 'has its 2 blocks'],
  [{ success: false, message: 'down' }, 'the blocks registry does not answer'],
])('denies where the registry answers %j', async (blocks, reason) => {
  expect(await outcome(blocks)).toContain(reason);
});
