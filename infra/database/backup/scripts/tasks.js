/**
 * What the scripts of backups ask of MongoDB: it runs in mongosh, which breaks `a?.b.c`. TASK names the function, URI_FILE the
 * file with where to connect to.
 */

/** Of the members that answered, the one to dump from: the secondary that is furthest, else the primary. */
/** @type {(members: Member[]) => Member | undefined} */
function memberToDump(members) {
  const secondaries = members.filter(({ hello }) => hello.secondary === true);
  const [furthest] = secondaries.sort((a, b) => writtenAt(b) - writtenAt(a));
  return furthest ?? members.find(({ hello }) => hello.isWritablePrimary === true);
}

/** @type {(member: Member) => number} */
function writtenAt({ hello }) {
  const { lastWriteDate } = hello.lastWrite ?? {};
  return lastWriteDate === undefined ? 0 : Number(lastWriteDate);
}

/** Prints the member to dump from, what it is, and its version. */
/** @type {(host: Host) => Promise<void>} */
async function member({ uri, connect, print }) {
  const { groups } = /@(?<hosts>[^/]+)[/].*[?&]replicaSet=(?<set>[^&]+)/.exec(uri) ?? {};
  const { hosts = '', set = '' } = groups ?? {};
  /** @type {Member[]} */
  const answered = [];
  /** @type {string[]} */
  const silent = [];
  for (const host of hosts.split(',')) {
    const own = uri.replace(hosts, host).replace(/replicaSet=[^&]+/, 'directConnection=true');
    try {
      const admin = (await connect(`${own}&serverSelectionTimeoutMS=5000`)).getDB('admin');
      const hello = await admin.runCommand({ hello: 1 });
      const { version } = await admin.runCommand({ buildInfo: 1 });
      if (hello.setName === set) answered.push({ host, hello, version });
      else silent.push(`${host} is no member of ${set} yet`);
    } catch (error) {
      silent.push(`${host}: ${error.message}`);
    }
  }
  const found = memberToDump(answered);
  if (found === undefined) throw new Error([...silent, 'there is neither a secondary nor a primary'].join('; '));
  print(`${found.host} ${found.hello.secondary === true ? 'secondary' : 'primary'} ${found.version}`);
}

/** Prints how many documents each collection has, as JSON. */
/** @type {(host: Host) => Promise<void>} */
async function counts({ uri, connect, print }) {
  const connection = await connect(uri);
  const { databases } = await connection.getDB('admin').runCommand({ listDatabases: 1, nameOnly: true });
  /** @type {Record<string, number>} */
  const found = {};
  for (const { name } of databases) {
    if (name === 'local' || name === 'config') continue;
    const database = connection.getDB(name);
    for (const collection of await collectionsOf(database)) {
      found[`${name}.${collection}`] = await countOf(database, collection);
    }
  }
  print(JSON.stringify(found));
}

/** Those that mongodump names when it has dumped them: of a time series its buckets, of a view nothing. */
/** @type {(database: ShellDatabase) => Promise<string[]>} */
async function collectionsOf(database) {
  const { cursor } = await database.runCommand({ listCollections: 1, cursor: { batchSize: 100000 } });
  /** @type {{ name: string; type: string }[]} */
  const all = cursor.firstBatch;
  return all
    .filter(
      ({ type, name }) => type === 'collection' && /^(?!system[.])|^system[.](users$|roles$|buckets[.])/.test(name),
    )
    .map(({ name }) => name);
}

/** From the collection's metadata, which costs nothing: exact but after a crash. */
/** @type {(database: ShellDatabase, collection: string) => Promise<number>} */
async function countOf(database, collection) {
  const { n } = await database.runCommand({ count: collection });
  return Number(n);
}

/** Makes the users of CREDENTIALS what they are there, whatever the backup had; as the members' script does. */
/** @type {(host: Host) => Promise<void>} */
async function users({ uri, connect, print, env, fs }) {
  const admin = (await connect(uri)).getDB('admin');
  /** @type {{ users: { user: string }[] }} */
  const reply = await admin.runCommand({ usersInfo: 1 });
  const there = reply.users.map(({ user }) => user);
  /** @type {(file: string) => string} */
  const read = (file) => fs.readFileSync(`${env.CREDENTIALS}/${file}`, 'utf8').trim();
  /** @type {User[]} */
  const wanted = JSON.parse(read('users.json'));
  for (const { name, roles, generation } of wanted) {
    const command = there.includes(name) ? 'updateUser' : 'createUser';
    const customData = generation === undefined ? {} : { customData: { generation } };
    await admin.runCommand({ [command]: name, pwd: read(name), roles, ...customData });
  }
  print(`${wanted.length} users have this stack's rights and passwords`);
}

/** @type {Record<string, (host: Host) => Promise<void>>} */
const TASKS = { member, counts, users };

/** @type {(env: Record<string, any>) => Promise<void>} */
async function main(env) {
  const fs = require('fs');
  const uri = fs.readFileSync(env.URI_FILE, 'utf8').trim();
  try {
    await TASKS[env.TASK]({ uri, env, fs, connect: (to) => new Mongo(to), print: console.log });
  } catch (error) {
    // The URI of a message may have a password in it.
    console.log(String(error.message).replace(/:[^:@/]*@/g, ':***@'));
    process.exit(1);
  }
}

// mongosh awaits what the last statement yields. Some versions have a `module` too.
if (typeof Mongo === 'function') main(process.env);
else module.exports = { memberToDump, ...TASKS };
