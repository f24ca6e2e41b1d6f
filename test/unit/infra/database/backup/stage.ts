import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

const SCRIPTS = path.join(__dirname, '../../../../../infra/database/backup/scripts');

/** Stand-ins for what the image of mongod contains; MongoDB's own are not to be had here. */
const TOOLS: Readonly<Record<string, string>> = {
  mongosh: `case $TASK in
  member) echo "\${MEMBER-registry-1.registries.svc:27017 secondary 6.0.20}"; [ -z "\${NO_MEMBER-}" ] ;;
  counts) [ -z "\${NO_DATABASE-}" ] && echo '{"blocks.blocks":3}' ;;
  users) [ -z "\${NO_USERS-}" ] && echo "users $(cat "$URI_FILE")" ;;
esac`,
  mongodump: `for argument; do case $argument in --archive=*) archive=\${argument#*=} ;; esac; done
printf '%s\\n' "$*" >>"$CALLS"; cat "$RUN/tools.yaml" >>"$CALLS"
printf '\\x6d\\xe2\\x99\\x81%s' "\${CONTENT-data}" | gzip >"$archive"
[ -z "\${TRUNCATED-}" ] || truncate -s -9 "$archive"
[ -z "\${NO_ARCHIVE-}" ] || echo text | gzip >"$archive"
printf '2026-01-01T00:00:00.000+0000\\tdone dumping %s\\n' 'blocks.a "b" \\c (3 documents)' 'admin.system.users (1 document)' '\`blocks.newer\` (4 documents)'
[ -z "\${DURING-}" ] || DURING= bash "$DURING"
printf '2026-01-01T00:00:00.000+0000\\t\\tdumped 2 oplog entries\\n'
[ -z "\${DUMP_FAILS-}" ]`,
  mongorestore: `[ -z "\${DURING-}" ] || KEEP=0 DURING= bash "$DURING"
printf '%s\\n' "$*" >>"$CALLS"; cat "$RUN/tools.yaml" >>"$CALLS"
printf '2026-01-01T00:00:00.000+0000\\t3 document(s) restored successfully. %s document(s) failed to restore.\\n' "\${LOST-0}"
[ -z "\${RESTORE_FAILS-}" ]`,
  mongod: `printf 'mongod %s\\n' "$*" >>"$CALLS"; [ -z "\${NO_MONGOD-}" ] && exec sleep 1000`,
  // A store that is a folder, with the commands of rclone that store.sh uses.
  rclone: `command=$1; shift; include='*'; age=
while [ "\${1#--}" != "$1" ]; do case $1 in --include) include=$2; shift ;; --min-age) age="-mmin +1440"; shift ;; esac; shift; done
at() { inner=\${1#store:bucket/prefix}; [ "$inner" = "$1" ] && echo "$1" || echo "$STORE$inner"; }
case $command in
  copyto) [ -z "\${STORE_FAILS-}" ] || [ "\${2%"$STORE_FAILS"}" = "$2" ] || exit 1; cp "$(at "$1")" "$(at "$2")" 2>/dev/null ;;
  copy) for file in "$(at "$1")"/$include; do cp "$file" "$(at "$2")"; done ;;
  cat) cat "$(at "$1")"; [ -z "\${STORE_ROTS-}" ] || echo rot ;;
  lsf) find "$(at "$1")" -type f -name "$include" $age -printf '%f\\n' ;;
  deletefile) rm "$(at "$1")" ;;
esac`,
  // A clock of which every look is a second later.
  date: `seconds=$(($(cat "$CLOCK") + 1)); echo "$seconds" >"$CLOCK"; exec /usr/bin/date -d "@$seconds" "$@"`,
};

/** What a script ended with. */
export interface Ended {
  readonly code: number | null;
  readonly output: string;
}

/** A folder of backups, and what the scripts need around it. */
export class Stage {
  private readonly folder = mkdtempSync(path.join(tmpdir(), 'aios-backup-'));
  readonly backups = this.make('backups');
  readonly store = this.make('store');
  private readonly environment: Record<string, string>;

  /** @param other whose backups it begins with */
  constructor(other?: Stage) {
    if (other) cpSync(other.backups, this.backups, { recursive: true });
    const tools = this.make('tools');
    for (const [name, text] of Object.entries(TOOLS)) {
      writeFileSync(path.join(tools, name), `#!/bin/bash\n${text}\n`, { mode: 0o755 });
    }
    const file = (name: string, text: string) => {
      writeFileSync(path.join(this.folder, name), text);
      return path.join(this.folder, name);
    };
    const credentials = this.make('credentials');
    file('credentials/users.json', '[]');
    this.environment = {
      PATH: `${tools}:/usr/bin:/bin`,
      CALLS: file('calls', ''),
      CLOCK: file('clock', other ? '1900000000' : '1800000000'),
      BACKUPS: this.backups,
      DATABASE: 'registry',
      RUN: this.make('run'),
      SCRIPTS,
      STORE: this.store,
      PLACE: 'bucket/prefix',
      KEEP: '2',
      HOSTS: 'registry-0.registries.svc:27017,registry-1.registries.svc:27017',
      REPLICA_SET: 'rs0',
      DATABASE_USER: 'root',
      PASSWORD_FILE: file('password', 'root-password\n'),
      KEYFILE: file('keyfile', '- keyfile-content\n- next-key\n'),
      CREDENTIALS: credentials,
      SCRATCH: this.make('scratch'),
      CACHE_GB: '0.25',
    };
  }

  script(name: string): string {
    return path.join(SCRIPTS, name);
  }

  /** Runs a script to its end, in a process group of its own. */
  run(script: string, more: Readonly<Record<string, string>> = {}, ...args: string[]): Promise<Ended> {
    const env = { ...this.environment, ...more };
    const child = spawn(script === 'store.sh' ? '/bin/sh' : '/bin/bash', [this.script(script), ...args], {
      env,
      detached: true,
    });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (part) => (output += String(part)));
    return new Promise((resolve) => child.once('close', (code) => resolve({ code, output })));
  }

  /** The same, killed with all its children before its N-th command. */
  killedAt(command: number, script: string): Promise<Ended> {
    const file = path.join(this.folder, 'kill');
    const trap = `[ $((commands += 1)) -lt ${command} ] || kill -9 -- -$$`;
    writeFileSync(file, `if [ "$0" != "\${0#$SCRIPTS}" ]; then set -T; commands=0; trap '${trap}' DEBUG; fi\n`);
    return this.run(script, { BASH_ENV: file });
  }

  /** What MongoDB's tools were called with, and what they were to read. */
  get calls(): string {
    return readFileSync(this.environment.CALLS ?? '', 'utf8');
  }

  get files(): string[] {
    return readdirSync(this.backups)
      .filter((name) => name !== '.lock')
      .sort();
  }

  /** What is in the store. */
  get stored(): string[] {
    return readdirSync(this.store).sort();
  }

  /** As a pod's own volume begins. */
  empty(): void {
    rmSync(this.backups, { recursive: true });
    mkdirSync(this.backups);
  }

  /** The backups with a manifest, by name; each is checked to be whole. */
  get whole(): string[] {
    return this.files
      .filter((name) => name.endsWith('.json'))
      .map((name) => {
        const manifest = this.manifest(name.replace('.json', ''));
        const archive = path.join(this.backups, `${String(manifest.name)}.archive.gz`);
        const sum = existsSync(archive) ? createHash('sha256').update(readFileSync(archive)).digest('hex') : 'missing';
        if (sum !== manifest.sha256) throw new Error(`${name} is not whole: ${sum}`);
        return String(manifest.name);
      });
  }

  manifest(name: string): Record<string, unknown> {
    return JSON.parse(readFileSync(path.join(this.backups, `${name}.json`), 'utf8')) as Record<string, unknown>;
  }

  write(name: string, text: string): void {
    writeFileSync(path.join(this.backups, name), text);
  }

  private make(name: string): string {
    const folder = path.join(this.folder, name);
    mkdirSync(folder);
    return folder;
  }
}
