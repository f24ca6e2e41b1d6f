import { once } from 'node:events';
import { readdirSync, readlinkSync } from 'node:fs';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { ended, until } from '../../integration/harness/workspace';
import { differencesOf } from '../compare/difference';
import type { Scenario } from '../scenario';
import { type Engine, upArgs } from '../stage/engine';
import { restore, type Stage } from '../stage/stage';
import { apply } from './configuration-edits';

/** The plugin `aios` says under both that it waits, and ends in order when it is told to. */
export const PLUGIN: Scenario = {
  name: 'plugin',
  title: 'the plugin aios says that it waits for a gateway that is silent, and ends in order on Ctrl-C',
  async run(stage) {
    const gateway = await silentServer();
    try {
      const embedded = await cancelled(stage, stage.embedded, gateway);
      return differencesOf('Ctrl-C while the plugin waits', embedded, await cancelled(stage, stage.cli, gateway));
    } finally {
      gateway.close();
    }
  },
};

/** Accepts connections, and says nothing. */
async function silentServer(): Promise<Server> {
  const server = createServer((socket) => socket.on('error', () => undefined)).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return server;
}

/** How an update ends that is told to while the plugin waits for the gateway. */
async function cancelled(stage: Stage, engine: Engine, gateway: Server): Promise<ReadonlyMap<string, string>> {
  await restore(stage);
  const { port } = gateway.address() as AddressInfo;
  const set = {
    'policies.endpoints.gateway.url': `http://127.0.0.1:${port}`,
    'policies.bindings.add_node.parameters.max': 3,
  };
  await stage.workspace.configure((sections) => apply(sections, { name: 'a silent gateway', set }));
  stage.say(`an update by ${engine.title} waits for a silent gateway, and is ended by Ctrl-C`);
  const child = engine.start(...upArgs(engine));
  const end = ended(child);
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (said += chunk.toString()));
  const waits = () => /waiting for .*gateway at http/.test(said);
  await until(() => Promise.resolve(waits() || child.exitCode !== null), 'the plugin says that it waits', 120);
  child.kill('SIGINT');
  const code = await end;
  const folder = stage.workspace.directory;
  await until(() => Promise.resolve(!isRunning(folder)), `every process of ${engine.title} has ended`, 30);
  const state = (await stage.workspace.state()) ?? '';
  return new Map([
    ['says that it waits', String(waits())],
    ['ending', code === 0 ? 'succeeds' : 'fails'],
    ['pending operations', /"pending_operations": ?\[\s*\{/.test(state) ? 'left' : 'none'],
  ]);
}

/** Whether a process still works in a folder. */
function isRunning(folder: string): boolean {
  return readdirSync('/proc').some((pid) => {
    try {
      return /^\d+$/.test(pid) && readlinkSync(`/proc/${pid}/cwd`).startsWith(folder);
    } catch {
      return false;
    }
  });
}
