import vm from 'node:vm';
import { kubectlCommands } from '../../documented-commands';

type Command = Record<string, unknown>;

const member = (ordinal: number) => ({
  _id: ordinal,
  host: `registry-${ordinal}.registry:27017`,
  votes: 1,
  priority: 2,
});

describe('what docs/operations.md tells mongosh to do after a majority is lost', () => {
  const [, script = ''] =
    /--eval '([^]*)'$/.exec(kubectlCommands('docs/operations.md').find((one) => one.includes('--eval')) ?? '') ?? [];

  it('makes a set of the one member that it is told to, by force, from the configuration that is there', () => {
    const config = { _id: 'rs0', version: 7, term: 3, members: [0, 1, 2].map(member), settings: { heartbeat: 2 } };
    const sent: Command[] = [];
    const connections: string[] = [];
    class Mongo {
      constructor(uri: string) {
        connections.push(uri);
      }

      getDB(database: string) {
        return {
          runCommand: (command: Command) => {
            sent.push({ database, ...command });
            return command.replSetGetConfig === 1 ? { ok: 1, config } : { ok: 1 };
          },
        };
      }
    }
    const files: Record<string, string> = { '/etc/members/credentials/root': 'secret\n' };
    const require = () => ({ readFileSync: (file: string) => files[file] });
    vm.runInNewContext(script, { Mongo, require, printjson: () => undefined });

    expect(connections).toEqual(['mongodb://root:secret@127.0.0.1:27017/?directConnection=true&authSource=admin']);
    expect(sent).toEqual([
      { database: 'admin', replSetGetConfig: 1 },
      {
        database: 'admin',
        replSetReconfig: { ...config, version: 8, members: [{ ...member(0), priority: 1 }] },
        force: true,
      },
    ]);
  });
});
