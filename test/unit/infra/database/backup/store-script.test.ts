import { cpSync, readdirSync, utimesSync } from 'node:fs';
import path from 'node:path';
import { Stage } from './stage';

const names = (stage: Stage) => stage.stored.map((file) => file.replace(/^registry-|\.\w+(\.gz)?$/g, '')).sort();

/** Makes a backup and takes it to the store, as the two containers of a pod do on a volume that is theirs alone. */
async function backUp(stage: Stage, more: Record<string, string> = {}) {
  stage.empty();
  await stage.run('backup.sh');
  return { name: stage.whole[0] ?? '', ...(await stage.run('store.sh', more, 'upload')) };
}

test('a backup in the store is an archive and a manifest, and the older ones go once there are too many', async () => {
  const stage = new Stage();
  const made = [await backUp(stage), await backUp(stage), await backUp(stage)];
  expect(made.map(({ code }) => code)).toEqual([0, 0, 0]);
  expect(made[2]?.output).toContain(`Removed backup ${made[0]?.name}: 2 are kept`);
  expect(stage.stored).toEqual(made.slice(1).flatMap(({ name }) => [`${name}.archive.gz`, `${name}.json`]));
});

test.each([
  ['does not take the archive', { STORE_FAILS: 'archive.gz' }, 'did not take the archive'],
  ['gives back something else', { STORE_ROTS: '1' }, 'gives back something else'],
  ['does not take the manifest', { STORE_FAILS: 'json' }, 'did not take the manifest'],
])('where the store %s, the older backups stay', async (_, environment, message) => {
  const stage = new Stage();
  const older = [await backUp(stage), await backUp(stage)].map(({ name }) => name);
  const { code, output } = await backUp(stage, environment);
  expect([code, output]).toEqual([1, expect.stringContaining(message)]);
  const manifests = stage.stored.filter((file) => file.endsWith('.json'));
  expect(manifests).toEqual(older.map((name) => `${name}.json`));
  expect(names(stage)).toEqual(expect.arrayContaining(older.map((name) => name.replace('registry-', ''))));
});

test('an archive without a manifest goes when it is older than any run, and others’ files stay', async () => {
  const stage = new Stage();
  const { name } = await backUp(stage);
  const copy = (to: string, age: number) => {
    cpSync(path.join(stage.store, `${name}.archive.gz`), path.join(stage.store, to));
    utimesSync(path.join(stage.store, to), Date.now() / 1000 - age, Date.now() / 1000 - age);
  };
  copy('registry-old.archive.gz', 90_000);
  copy('registry-new.archive.gz', 3600);
  copy('metrics-db-old.archive.gz', 90_000);
  await backUp(stage);
  const left = stage.stored.filter((file) => /old|new/.test(file));
  expect(left).toEqual(['metrics-db-old.archive.gz', 'registry-new.archive.gz']);
});

test('manifests are listed for a look, and a backup is fetched for a restore', async () => {
  const stage = new Stage();
  const { name } = await backUp(stage);
  stage.empty();
  expect((await stage.run('store.sh', {}, 'list')).code).toBe(0);
  expect(readdirSync(stage.backups)).toEqual([`${name}.json`]);
  stage.empty();
  expect((await stage.run('store.sh', { BACKUP: name }, 'fetch')).code).toBe(0);
  expect(stage.whole).toEqual([name]);
  expect(await stage.run('store.sh', { BACKUP: 'registry-none' }, 'fetch')).toMatchObject({
    code: 1,
    output: expect.stringContaining('does not give backup registry-none') as string,
  });
});
