import { Stage } from './stage';

async function withBackup(): Promise<{ stage: Stage; BACKUP: string }> {
  const stage = new Stage();
  await stage.run('backup.sh');
  return { stage, BACKUP: stage.whole[0] ?? '' };
}

test('a restore replaces every collection, replays the oplog, and makes users this stack’s', async () => {
  const { stage, BACKUP } = await withBackup();
  const { code, output } = await stage.run('restore.sh', { BACKUP });
  expect([code, output]).toEqual([0, expect.stringContaining(`Backup ${BACKUP} is restored\n`)]);
  const [args = '', config = ''] = stage.calls.split('\n').slice(2);
  expect(args).toMatch(/--config=\S+ --archive=\S+ --gzip --oplogReplay --drop$/);
  expect(config).toBe(
    'uri: "mongodb://__system:keyfile-content@registry-0.registries.svc:27017,registry-1.registries.svc:27017/?replicaSet=rs0&authSource=local&authMechanism=SCRAM-SHA-256"',
  );
  expect(args).not.toContain('keyfile-content');
  expect(output).toMatch(/users mongodb:.*\n::counts \{"blocks.blocks":3\}\n/);
});

test.each([
  ['there is no such backup', { BACKUP: 'registry-none' }, 'there is no backup registry-none'],
  ['mongorestore fails', { RESTORE_FAILS: '1' }, 'mongorestore failed'],
  ['documents are lost', { LOST: '2' }, 'could not restore 2 documents'],
  ['users cannot be set', { NO_USERS: '1' }, 'could not be set: run the restore again'],
])('a restore fails where %s', async (_, environment, message) => {
  const { stage, BACKUP } = await withBackup();
  const { code, output } = await stage.run('restore.sh', { BACKUP, ...environment });
  expect([code, output]).toEqual([1, expect.stringContaining(message)]);
});

test.each([
  ['a list of keys', '- first\n- second\n'],
  ['the single key of before', 'first\n'],
])('members are spoken to by the first of %s', async (_, keys) => {
  const { stage, BACKUP } = await withBackup();
  stage.write('../keyfile', keys);
  expect((await stage.run('restore.sh', { BACKUP })).code).toBe(0);
  expect(stage.calls).toContain('uri: "mongodb://__system:first@registry-0');
});

test('nothing is restored where the users of the stack are not known', async () => {
  const { stage, BACKUP } = await withBackup();
  const before = stage.calls;
  const { code, output } = await stage.run('restore.sh', { BACKUP, CREDENTIALS: '/nowhere' });
  expect([code, output]).toEqual([1, expect.stringContaining('make up, and restore then')]);
  expect(stage.calls).toBe(before);
});

test.each(['restore.sh', 'rehearse.sh'])('%s touches no database for a backup that is damaged', async (script) => {
  const { stage, BACKUP } = await withBackup();
  const before = stage.calls;
  stage.write(`${BACKUP}.archive.gz`, 'rotten');
  const { code, output } = await stage.run(script, { BACKUP });
  expect([code, output]).toEqual([1, expect.stringContaining('its SHA-256 is not the manifest')]);
  expect(stage.calls).toBe(before);
});

test('nothing is deleted under a restore', async () => {
  const { stage, BACKUP } = await withBackup();
  const { code, output } = await stage.run('restore.sh', { BACKUP, DURING: stage.script('backup.sh') });
  expect([code, output]).toEqual([0, expect.stringContaining('error: another backup is being made, or one is being')]);
});

test('a rehearsal restores into a mongod that only it can reach, and counts', async () => {
  const { stage, BACKUP } = await withBackup();
  const { code, output } = await stage.run('rehearse.sh', { BACKUP });
  expect([code, output]).toEqual([0, expect.stringContaining('::counts {"blocks.blocks":3}')]);
  expect(stage.calls).toMatch(/mongod --dbpath \S+ --port 27017 --bind_ip 127.0.0.1 /);
  expect(stage.calls).toContain('uri: "mongodb://127.0.0.1:27017/?directConnection=true"');
});

test('a rehearsal says why its mongod did not start', async () => {
  const { stage, BACKUP } = await withBackup();
  const { code, output } = await stage.run('rehearse.sh', { BACKUP, NO_MONGOD: '1', NO_DATABASE: '1' });
  expect([code, output]).toEqual([1, expect.stringContaining('the scratch mongod did not start')]);
});

test('a look tells the backups and what is in the database, if that answers', async () => {
  const { stage, BACKUP } = await withBackup();
  const manifest = `::backup ${JSON.stringify(stage.manifest(BACKUP))}`;
  expect((await stage.run('look.sh')).output).toBe(`${manifest}\n::counts {"blocks.blocks":3}\n`);
  const { code, output } = await stage.run('look.sh', { NO_DATABASE: '1' });
  expect([code, output]).toEqual([0, `${manifest}\nThe database does not answer: \n`]);
});
