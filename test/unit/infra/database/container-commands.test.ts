import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { types } from '@pulumi/kubernetes';
import { members, mongod, resync } from '../../../../infra/database/containers';
import type { Database } from '../../../../infra/database/identity';
import { networkConfig } from '../../../network-config';

const database: Database = {
  name: 'registry',
  namespace: 'registries',
  config: networkConfig({}).registry,
  parent: undefined as never,
};

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'pod-'));
  for (const directory of ['run/members', 'data/db']) mkdirSync(path.join(folder, directory), { recursive: true });
});

const at = (file: string): string => path.join(folder, file);

/** Runs a command of a container with the folder in the place of its volumes. */
function run(command: unknown): { status: number | null; output: string } {
  const words = (command as string[]).map((word) => word.replaceAll(/\/(run\/members|data\/db)/g, `${folder}/$1`));
  const { status, stdout, stderr } = spawnSync(words[0] ?? '', words.slice(1), { encoding: 'utf8' });
  return { status, output: `${stdout}${stderr}` };
}

/** What a hook runs, with commands that take long replaced. */
function hook(container: types.input.core.v1.Container, replaced: string): string[] {
  const { lifecycle } = container as { lifecycle: { preStop: { exec: { command: string[] } } } };
  const [shell = '', option = '', script = ''] = lifecycle.preStop.exec.command;
  return [shell, option, `${replaced}\n${script}`];
}

describe('readiness', () => {
  const { readinessProbe } = mongod(database) as { readinessProbe: { exec: { command: string[] } } };
  const probe = () => run(readinessProbe.exec.command);

  test('is what the members script wrote a moment ago', () => {
    writeFileSync(at('run/members/state'), '');
    expect(probe()).toEqual({ status: 0, output: '' });
  });

  test('fails with the reason that the script gives', () => {
    writeFileSync(at('run/members/state'), 'RECOVERING: too old to catch up');
    expect(probe()).toEqual({ status: 1, output: 'RECOVERING: too old to catch up' });
  });

  test.each([
    [60, 0],
    [120, 1],
  ])('holds for a slow pass: %d seconds later it ends with %d', (seconds, status) => {
    writeFileSync(at('run/members/state'), '');
    const then = Date.now() / 1000 - seconds;
    utimesSync(at('run/members/state'), then, then);
    expect(probe().status).toBe(status);
  });

  test('fails where the script has not written yet, or no longer writes, and says so', () => {
    expect(probe()).toMatchObject({ status: 1, output: expect.stringContaining('No such file') as string });
    writeFileSync(at('run/members/state'), '');
    utimesSync(at('run/members/state'), 0, 0);
    expect(probe().output).toMatch(/members has looked at this member last at \d\d:\d\d UTC: see its log/);
  });

  test('starts neither a shell nor mongosh while all is well', () => {
    expect(readinessProbe.exec.command[0]).toBe('find');
  });
});

describe('stopping', () => {
  /** Seconds that mongod's hook waits. */
  function waits(): number {
    const { status } = run(hook(mongod(database), `sleep() { echo >> ${at('slept')}; }`));
    expect(status).toBe(0);
    return existsSync(at('slept')) ? readFileSync(at('slept'), 'utf8').length : 0;
  }

  test('mongod waits for what the container members does, which says when it begins and ends', () => {
    const stop = hook(members(database), `mongosh() { ls /run/members > ${at('seen')}; }`);
    expect(run(stop).status).toBe(0);
    expect(readFileSync(at('seen'), 'utf8')).toBe('leaving\n');
    expect(readdirSync(at('run/members'))).toEqual(['leaving', 'left']);
    expect(waits()).toBe(0);
  });

  test('mongod stops even if leaving failed', () => {
    run(hook(members(database), 'mongosh() { return 1; }'));
    expect(existsSync(at('run/members/left'))).toBe(true);
  });

  test('mongod waits as long as a member may take to leave, and a little longer', () => {
    writeFileSync(at('run/members/leaving'), '');
    const limit = (members(database).env as { name: string; value?: string }[]).find((e) => e.name === 'LEAVE_SECONDS');
    expect(waits()).toBe(Number(limit?.value) + 5);
  });

  test('mongod soon stops where nobody leaves: restarted alone, or without a container members', () => {
    expect(waits()).toBe(15);
  });
});

describe('resync', () => {
  const start = () => run(resync(database).command);

  test('leaves the data alone', () => {
    writeFileSync(at('data/db/WiredTiger'), 'data');
    expect(start()).toEqual({ status: 0, output: '' });
    expect(readdirSync(at('data/db'))).toEqual(['WiredTiger']);
  });

  test('empties a member where that is asked for, once, and leaves what belongs to the file system', () => {
    mkdirSync(at('data/db/journal'));
    mkdirSync(at('data/db/lost+found'));
    for (const file of ['WiredTiger', 'journal/log', '.hidden', 'resync']) writeFileSync(at(`data/db/${file}`), '');
    expect(start()).toEqual({ status: 0, output: '' });
    expect(readdirSync(at('data/db'))).toEqual(['lost+found']);
    writeFileSync(at('data/db/WiredTiger'), 'data');
    start();
    expect(existsSync(at('data/db/WiredTiger'))).toBe(true);
  });

  test('that is killed on the way is asked for still', () => {
    for (const file of ['WiredTiger', 'resync']) writeFileSync(at(`data/db/${file}`), '');
    const [shell = '', option = '', script = ''] = resync(database).command as string[];
    run([shell, option, script.replace('rm -rf', 'false')]);
    expect(existsSync(at('data/db/resync'))).toBe(true);
  });
});
