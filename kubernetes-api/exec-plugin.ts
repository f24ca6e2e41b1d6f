import { spawn } from 'node:child_process';
import { isAbsolute, join } from 'node:path';
import { endGroup } from './end-group';
import { ClusterAccessError } from './errors';
import type { Json, JsonMap } from './json';
import { at, isJsonMap, listAt, mapAt, textAt } from './json';
import type { NamedEntry, Target } from './kubeconfig';

/** What a login program hands out. */
export interface ExecCredential {
  token: string;
  cert: string;
  key: string;
  /** Milliseconds since 1970; Infinity: until the server refuses it. */
  expires: number;
}

const apiVersions = ['client.authentication.k8s.io/v1', 'client.authentication.k8s.io/v1beta1'];
const RUN_SECONDS = 60;
const SHOWN_LINES = 5;

/** The login program of a user (`exec` in the kubeconfig), run when it is needed and again once what it handed out expires. */
export class ExecPlugin {
  private held: ExecCredential | undefined;
  private running: Promise<ExecCredential> | undefined;

  /** @param runSeconds how long the program may run */
  constructor(
    private readonly target: Target,
    private readonly user: NamedEntry,
    private readonly runSeconds = RUN_SECONDS,
  ) {}

  /** @throws ClusterAccessError naming the program and what it says */
  async credential(): Promise<ExecCredential> {
    if (this.held && this.held.expires > Date.now()) return this.held;
    // Of many requests at a time, one runs the program.
    this.running ??= this.run().finally(() => (this.running = undefined));
    return (this.held = await this.running);
  }

  /** What was handed out is refused: ask again. */
  forget(): void {
    this.held = undefined;
  }

  private async run(): Promise<ExecCredential> {
    const exec = mapAt(this.user.settings, 'exec');
    const apiVersion = textAt(exec, 'apiVersion');
    if (!apiVersions.includes(apiVersion)) {
      throw this.problem(`apiVersion "${apiVersion}" is not supported; kubectl knows ${apiVersions.join(' and ')}`);
    }
    if (textAt(exec, 'command') === '') throw this.problem('command is missing');
    if (textAt(exec, 'interactiveMode') === 'Always') {
      throw this.problem('interactiveMode is Always, and no terminal can be given to it: log in with kubectl first');
    }
    return this.read(await this.output(exec, apiVersion), apiVersion);
  }

  private output(exec: JsonMap, apiVersion: string): Promise<string> {
    const command = textAt(exec, 'command');
    // As kubectl: a path is relative to the kubeconfig, a bare name is looked for in PATH.
    const program = command.includes('/') && !isAbsolute(command) ? join(this.user.directory, command) : command;
    const own = listAt(exec, 'env').map((entry) => [textAt(entry, 'name'), textAt(entry, 'value')] as const);
    const env = {
      ...process.env,
      ...Object.fromEntries(own),
      KUBERNETES_EXEC_INFO: JSON.stringify(this.info(exec, apiVersion)),
    };
    const args = listAt(exec, 'args').map(String);
    return new Promise((resolve, reject) => {
      // A group of its own: what it has started ends with it, and holds no pipe open.
      const child = spawn(program, args, { env, stdio: ['ignore', 'pipe', 'pipe'], detached: true });
      let [stdout, stderr] = ['', ''];
      const end = () => endGroup(child);
      const timer = setTimeout(() => {
        end();
        reject(this.problem(`it was ended after ${this.runSeconds} s${lastLines(stderr)}`));
      }, this.runSeconds * 1000);
      child.stdout.on('data', (data) => (stdout += String(data)));
      child.stderr.on('data', (data) => (stderr += String(data)));
      // Apart from the terminal's group it hears of no Ctrl-C.
      process.once('exit', end);
      const forget = () => {
        clearTimeout(timer);
        process.off('exit', end);
      };
      child.on('error', (error: NodeJS.ErrnoException) => {
        forget();
        reject(this.cannotRun(exec, program, error.code ?? ''));
      });
      child.on('close', (code, signal) => {
        forget();
        if (code === 0) resolve(stdout);
        else if (signal !== null) reject(this.problem(`it was ended by ${signal}${lastLines(stderr)}`));
        else reject(this.problem(`it ended with exit code ${code ?? ''}${lastLines(stderr) || ' and said nothing'}`));
      });
    });
  }

  private info(exec: JsonMap, apiVersion: string): JsonMap {
    const { settings } = this.target.cluster;
    const cluster = Object.fromEntries(Object.entries(settings).filter(([key]) => key !== 'extensions'));
    const spec: JsonMap = { interactive: false, ...(at(exec, 'provideClusterInfo') === true && { cluster }) };
    return { kind: 'ExecCredential', apiVersion, spec };
  }

  private read(text: string, apiVersion: string): ExecCredential {
    const answer = parseJson(text);
    if (!isJsonMap(answer) || answer.kind !== 'ExecCredential') throw this.problem('it printed no ExecCredential');
    if (answer.apiVersion !== apiVersion) {
      throw this.problem(
        `it printed apiVersion "${textAt(answer, 'apiVersion')}", and the kubeconfig says "${apiVersion}"`,
      );
    }
    const status = mapAt(answer, 'status');
    const [token, cert, key] = ['token', 'clientCertificateData', 'clientKeyData'].map((name) => textAt(status, name));
    if (!token && !(cert && key)) throw this.problem('it printed neither a token nor a certificate with its key');
    const expires = Date.parse(textAt(status, 'expirationTimestamp'));
    return {
      token: token ?? '',
      cert: cert ?? '',
      key: key ?? '',
      expires: Number.isNaN(expires) ? Infinity : expires,
    };
  }

  private cannotRun(exec: JsonMap, program: string, code: string): ClusterAccessError {
    const why =
      { ENOENT: 'there is no such program', EACCES: 'it may not be run' }[code] ?? `it cannot be run (${code})`;
    const hint = textAt(exec, 'installHint').trim();
    return this.problem(`${why}: ${program}${hint && `\n${hint}`}`);
  }

  private problem(what: string): ClusterAccessError {
    const command = textAt(this.user.settings, 'exec', 'command');
    return new ClusterAccessError(
      `kubeconfig user "${this.user.name}": the login program "${command}" gives no credentials: ${what}`,
    );
  }
}

function lastLines(text: string): string {
  const lines = text.trim().split('\n').slice(-SHOWN_LINES).join('\n');
  return lines && `:\n${lines}`;
}

function parseJson(text: string): Json | undefined {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return undefined;
  }
}
