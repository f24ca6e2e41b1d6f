import { Stage } from './stage';

test('a backup is an archive and a manifest that tells what is in it', async () => {
  const stage = new Stage();
  const { code, output } = await stage.run('backup.sh');
  expect([code, output]).toEqual([0, expect.stringContaining('is made')]);
  const [name = ''] = stage.whole;
  expect(name).toMatch(/^registry-\d{4}-\d\d-\d\dT\d\d-\d\d-\d\dZ$/);
  expect(stage.files).toEqual([`${name}.archive.gz`, `${name}.json`]);
  expect(stage.manifest(name)).toMatchObject({
    format: 1,
    name,
    database: 'registry',
    takenAt: expect.stringMatching(/^2027-01-15T08:00:\d\dZ$/) as string,
    server: '6.0.20',
    member: 'registry-1.registries.svc:27017',
    oplogEntries: 2,
    collections: { 'blocks.a "b" \\c': 3, 'blocks.newer': 4, 'admin.system.users': 1 },
  });
  expect(output).toContain(`::backup ${JSON.stringify(stage.manifest(name))}\n`);
});

test('all of it is read from one member, with its oplog, and no password is an argument or logged', async () => {
  const stage = new Stage();
  const { output } = await stage.run('backup.sh');
  const [args = '', config = ''] = stage.calls.split('\n');
  expect(args).toMatch(/--config=\S+ --oplog --gzip --archive=/);
  expect(config).toBe(
    'uri: "mongodb://root:root-password@registry-1.registries.svc:27017/?directConnection=true&authSource=admin&authMechanism=SCRAM-SHA-256&readPreference=secondaryPreferred"',
  );
  expect(`${args}${output}`).not.toContain('root-password');
});

test('older ones go once there are more than are kept', async () => {
  const stage = new Stage();
  const names: string[] = [];
  for (let made = 0; made < 4; made += 1) {
    expect((await stage.run('backup.sh')).code).toBe(0);
    names.push(stage.whole.at(-1) ?? '');
  }
  expect(stage.whole).toEqual(names.slice(2));
  expect(stage.files).toHaveLength(4);
});

test.each([
  ['no member answers', { NO_MEMBER: '1' }, 'no member can be read from'],
  ['the dump fails', { DUMP_FAILS: '1' }, 'mongodump failed'],
  ['the archive is truncated', { TRUNCATED: '1' }, 'cannot be read back'],
  ['what was written is no archive', { NO_ARCHIVE: '1' }, 'is no archive'],
])('where %s the older backups stay, and the next run makes one', async (_, environment, message) => {
  const stage = new Stage();
  await stage.run('backup.sh');
  await stage.run('backup.sh');
  const before = stage.whole;
  const { code, output } = await stage.run('backup.sh', environment);
  expect([code, output]).toEqual([1, expect.stringContaining(message)]);
  expect(stage.whole).toEqual(before);
  expect((await stage.run('backup.sh')).code).toBe(0);
  expect(stage.whole).toEqual([before[1], expect.any(String)]);
  expect(stage.files).toHaveLength(4);
});

test('one backup is made at a time', async () => {
  const stage = new Stage();
  const { code, output } = await stage.run('backup.sh', { DURING: stage.script('backup.sh') });
  expect([code, output]).toEqual([0, expect.stringContaining('error: another backup is being made')]);
  expect(stage.whole).toHaveLength(1);
});

test('killed before any of its commands, it leaves whole backups, and the next run puts everything right', async () => {
  const before = new Stage();
  await before.run('backup.sh');
  await before.run('backup.sh');
  const diesAt = async (command: number) => {
    const stage = new Stage(before);
    const { code } = await stage.killedAt(command, 'backup.sh');
    expect(stage.whole.length).toBeGreaterThanOrEqual(2);
    expect((await stage.run('backup.sh')).code).toBe(0);
    expect(stage.whole).toHaveLength(2);
    expect(stage.files).toHaveLength(4);
    return code !== 0;
  };
  const AT_ONCE = 3;
  let command = 1;
  for (let died = true; died; command += AT_ONCE) {
    const commands = Array.from({ length: AT_ONCE }, (_, more) => command + more);
    died = (await Promise.all(commands.map(diesAt))).every(Boolean);
  }
  expect(command).toBeGreaterThan(40);
}, 180_000);
