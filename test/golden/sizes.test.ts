import { readFileSync, writeFileSync } from 'node:fs';
import * as path from 'node:path';
import { parseQuantity } from '../../infra/config';
import { type Json, type JsonMap, listAt, mapAt, numberAt, textAt } from '../../kubernetes-api';
import { requestOf } from '../../operations/doctor/checks/capacity';
import { type KubernetesObject, kubernetesObjects } from './invariants';
import { runStack, stacks } from './stack-program';

// A whole stack is two hundred registrations: long for a busy machine, and nothing hangs.
jest.setTimeout(60_000);

const PAGE = path.join(__dirname, '../../docs/first-cluster.md');
const TABLE = /(<!-- sizes -->\n\n)([^]*?)(\n\n<!-- end of sizes -->)/;
const GIB = 2 ** 30;

const contentOf = ({ resource }: KubernetesObject) => resource.inputs as JsonMap;
const gib = (bytes: number) => `${Math.ceil((bytes / GIB) * 10) / 10} GiB`;
const sum = (amounts: number[]) => amounts.reduce((total, amount) => total + amount, 0);
const quantity = (value: Json | undefined, ...keys: string[]) => parseQuantity(textAt(value, ...keys)) ?? 0;

/** What the pods of a stack that run all the time ask for together, as a row of the table. */
async function sizeOf(stack: string): Promise<string[]> {
  const objects = kubernetesObjects((await runStack(stack)).resources);
  const pods = objects
    .filter(({ kind }) => kind === 'Deployment' || kind === 'StatefulSet')
    .flatMap((object) => {
      const spec = mapAt(contentOf(object), 'spec', 'template', 'spec');
      const limit = sum(listAt(spec, 'containers').map((one) => quantity(one, 'resources', 'limits', 'memory')));
      return Array.from({ length: numberAt(contentOf(object), 'spec', 'replicas') }, () => ({
        ...requestOf(spec),
        limit,
      }));
    });
  const volumes = objects.filter(({ kind }) => kind === 'PersistentVolumeClaim').map(contentOf);
  const sizes = volumes.map((claim) => quantity(claim, 'spec', 'resources', 'requests', 'storage'));
  const [cpu, memory, limit] = (['cpu', 'memory', 'limit'] as const).map((key) => sum(pods.map((pod) => pod[key])));
  return [
    stack,
    `${pods.length}`,
    `${(cpu ?? 0).toFixed(1)} cores`,
    gib(memory ?? 0),
    gib(limit ?? 0),
    gib(sum(sizes)),
  ];
}

/** A table as Prettier aligns it. */
function table(titles: string[], rows: string[][]): string {
  const widths = titles.map((_, column) => Math.max(...[titles, ...rows].map((row) => row[column]?.length ?? 0)));
  const line = (row: string[]) => `| ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`;
  return [titles, widths.map((width) => '-'.repeat(width)), ...rows].map(line).join('\n');
}

test('the table of sizes says what the stacks ask for (UPDATE_GOLDEN=1 rewrites it)', async () => {
  const rows: string[][] = [];
  for (const stack of stacks) rows.push(await sizeOf(stack));
  const titles = ['stack', 'pods', 'CPU requested', 'memory requested', 'memory limits', 'volumes'];
  const wanted = table(titles, rows);
  const page = readFileSync(PAGE, 'utf8');
  if (process.env.UPDATE_GOLDEN === '1') writeFileSync(PAGE, page.replace(TABLE, `$1${wanted}$3`));
  const [, , written = ''] = TABLE.exec(readFileSync(PAGE, 'utf8')) ?? [];
  expect(written).toBe(wanted);
});
