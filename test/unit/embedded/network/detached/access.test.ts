import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, readFileSync, readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { networkStatus, startNetwork, stopNetwork } from '../../../../../embedded/network';
import { withFolder } from '../temporary-network';

/** Two starts of a node process, on a busy machine. */
const patience = 60_000;

const nobody = 65534;
const asRoot = process.getuid?.() === 0 ? it : it.skip;

/** What Python as another user of this machine can find out and do. */
const attack = `
import encodings.idna, http.client, json, os, sys, urllib.request
os.setgroups([]); os.setgid(${nobody}); os.setuid(${nobody})
folder, pid, base = sys.argv[1:]
found = {}
for name in ("endpoint.json", "network.log", "state/policies.json"):
    try:
        found[name] = open(os.path.join(folder, name)).read()
    except OSError as error:
        found[name] = type(error).__name__
def tried(work):
    try:
        return work()
    except Exception as error:
        return getattr(error, "code", type(error).__name__)
found["argv"] = open("/proc/%s/cmdline" % pid).read()
found["environ"] = tried(lambda: open("/proc/%s/environ" % pid).read())
request = urllib.request.Request(base + "/policy/query", b"{}", {"content-type": "application/json"})
found["query"] = tried(lambda: urllib.request.urlopen(request).read().decode())
print(json.dumps(found))
`;

describe('a network in a process of its own', () => {
  it(
    'keeps its token in a file that its owner alone can read, however open the folder was',
    () =>
      withFolder(async (parent) => {
        const directory = path.join(parent, 'network');
        mkdirSync(directory);
        chmodSync(directory, 0o777);
        try {
          const { token } = await startNetwork({ directory });
          const mode = (file: string) => statSync(path.join(directory, file)).mode & 0o777;
          expect([mode('.'), mode('endpoint.json'), mode('state')]).toEqual([0o700, 0o600, 0o700]);
          expect(readFileSync(path.join(directory, 'endpoint.json'), 'utf8')).toContain(token);
          for (const file of readdirSync(directory, { recursive: true, withFileTypes: true })) {
            if (!file.isFile() || file.name === 'endpoint.json') continue;
            expect(readFileSync(path.join(file.parentPath, file.name), 'utf8')).not.toContain(token);
          }
          const { pid = 0 } = await networkStatus({ directory });
          expect(execFileSync('ps', ['-o', 'args=', '-p', String(pid)], { encoding: 'utf8' })).not.toContain(token);
        } finally {
          await stopNetwork({ directory });
        }
      }),
    patience,
  );

  // Only root can become another user.
  asRoot(
    'gives another user of the machine nothing, and does nothing for him',
    () =>
      withFolder(async (parent) => {
        chmodSync(parent, 0o755);
        const directory = path.join(parent, 'network');
        try {
          const { token, policiesSystem } = await startNetwork({ directory });
          const { pid = 0 } = await networkStatus({ directory });
          const found = JSON.parse(
            execFileSync('python3', ['-I', '-c', attack, directory, String(pid), policiesSystem], { encoding: 'utf8' }),
          ) as Record<string, unknown>;
          expect(JSON.stringify(found)).not.toContain(token);
          expect(found).toMatchObject({
            'endpoint.json': 'PermissionError',
            'network.log': 'PermissionError',
            'state/policies.json': 'PermissionError',
            environ: 'PermissionError',
            query: 401,
          });
        } finally {
          await stopNetwork({ directory });
        }
      }),
    patience,
  );
});
