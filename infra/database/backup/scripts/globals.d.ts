/** What mongosh adds to Node. */
declare const Mongo: new (uri: string) => Promise<ShellConnection>;

interface ShellDatabase {
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- what mongod answers
  runCommand(command: Record<string, unknown>): Promise<any>;
}

interface ShellConnection {
  getDB(name: string): ShellDatabase;
}

/** A member of the set that has answered. */
interface Member {
  host: string;
  hello: {
    setName?: string;
    secondary?: boolean;
    isWritablePrimary?: boolean;
    lastWrite?: { lastWriteDate?: Date };
  };
  version: string;
}

/** A user, as users.json of the credentials has it; its password is a file of its name. */
interface User {
  name: string;
  roles: { role: string; db: string }[];
  generation?: number;
}

/** What a task is given; tests give it something else. */
interface Host {
  uri: string;
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- set by the script that runs it
  env: Record<string, any>;
  fs: { readFileSync(path: string, encoding: 'utf8'): string };
  connect(uri: string): Promise<ShellConnection>;
  print(line: string): void;
}
