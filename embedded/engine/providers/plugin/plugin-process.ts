import { type ChildProcessWithoutNullStreams as Child, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { endGroup } from '../../../../kubernetes-api';
import { UserError } from '../../../shared/errors';
import { LEAN } from '../../node-options';
import { readAddress } from './announced-address';
import { LastWords } from './last-words';
import { checkManifest } from './manifest';

export interface PluginOptions {
  /** The package that the plugin provides, as in Pulumi.yaml. */
  name: string;
  /** The plugin's folder, absolute. */
  folder: string;
  /** Where it runs: the program's working directory, so that it sees the program's tsconfig and node_modules. */
  workingDirectory: string;
  /** Of the engine's own gRPC services, for the plugin's log messages. */
  engineAddress: string;
  /** Gets every line that the plugin writes to stdout and stderr, but for the port. */
  log(line: string): void;
}

/** The variable that tells a plugin where to listen, instead of a port of its choice. */
const LISTEN = 'PULUMI_ENGINE_LISTEN';

const NAMED_IN = 'its folder is named under plugins.providers in Pulumi.yaml';

const EXIT_SECONDS = 2;
const KEPT_STDERR_LINES = 10;

/** tsx comes last: it would look into every file of the package for something to compile, 0.2 s of CPU time. */
const LOADED_FIRST = ['@grpc/grpc-js', 'tsx/cjs'].flatMap((name) => ['--require', require.resolve(name)]);

/** A running plugin. It has its own process group: a Ctrl-C meant for the engine doesn't end it in mid-step. */
export class PluginProcess {
  private constructor(
    private readonly child: Child,
    private readonly options: PluginOptions,
    private readonly lastWords: LastWords,
    /** Where it listens: a socket beside the engine's, or a port. */
    readonly address: string,
  ) {}

  /**
   * Starts the plugin with this engine's launcher and waits for the port that it prints; or, from a plugin that heeds
   * {@link LISTEN}, for the socket that it was offered there, which nobody else on the machine can reach.
   *
   * @throws UserError with what the plugin wrote, if it ends or prints anything else first
   */
  static async start(options: PluginOptions): Promise<PluginProcess> {
    const manifest = join(options.folder, 'PulumiPlugin.yaml');
    const title = `provider plugin "${options.name}"`;
    await checkManifest(title, manifest, NAMED_IN);
    const launcher = join(__dirname, 'launcher.ts');
    const socket = socketBeside(options.engineAddress);
    const child = spawn(process.execPath, [...LEAN, ...LOADED_FIRST, launcher, options.folder, options.engineAddress], {
      cwd: options.workingDirectory,
      detached: true,
      stdio: 'pipe',
      env: { ...process.env, ...(socket !== undefined && { [LISTEN]: socket }) },
    });
    const lastWords = collectStderr(child, options);
    try {
      const address = await Promise.race([
        readAddress({ title, stdout: child.stdout, socket, log: (line) => options.log(line) }),
        failIfItEnds(child, options, lastWords),
      ]);
      return new PluginProcess(child, options, lastWords, address);
    } catch (error) {
      endGroup(child);
      throw error;
    }
  }

  get name(): string {
    return this.options.name;
  }

  /** Why the plugin cannot be reached, if it is because it has ended: undefined if it still runs after a moment. */
  async reasonOfEnd(): Promise<UserError | undefined> {
    if (!ended(this.child)) {
      const signal = AbortSignal.timeout(EXIT_SECONDS * 1000);
      await once(this.child, 'close', { signal }).catch(() => undefined);
    }
    return ended(this.child) ? prematureExit(this.child, this.options, this.lastWords) : undefined;
  }

  /** Ends the process, gently at first. */
  async close(): Promise<void> {
    if (ended(this.child)) return;
    const exited = once(this.child, 'exit');
    const timer = setTimeout(() => endGroup(this.child), EXIT_SECONDS * 1000);
    this.child.stdin.end();
    await exited;
    clearTimeout(timer);
    // Whatever it started and left behind is of its group.
    endGroup(this.child);
  }
}

function socketBeside(engineAddress: string): string | undefined {
  const [scheme, file = ''] = engineAddress.split(':');
  return scheme === 'unix' ? `unix:${join(dirname(file), `${randomBytes(4).toString('hex')}.sock`)}` : undefined;
}

const ended = (child: Child) => child.exitCode !== null || child.signalCode !== null;

function collectStderr({ stderr }: Child, options: PluginOptions): LastWords {
  const lastWords = new LastWords(KEPT_STDERR_LINES);
  createInterface({ input: stderr }).on('line', (line) => {
    if (lastWords.hear(line)) options.log(line);
  });
  return lastWords;
}

/** Rejects when the process cannot be started, or has ended and all that it wrote is read. */
async function failIfItEnds(child: Child, options: PluginOptions, lastWords: LastWords): Promise<never> {
  try {
    await once(child, 'close');
  } catch (error) {
    const { code = 'unknown' } = error as NodeJS.ErrnoException;
    throw new UserError(`provider plugin "${options.name}" cannot be started (${code})`);
  }
  throw prematureExit(child, options, lastWords);
}

function prematureExit(child: Child, { name, folder }: PluginOptions, { text }: LastWords): UserError {
  const how = child.signalCode ? `killed by ${child.signalCode}` : `exit code ${child.exitCode ?? 'unknown'}`;
  return new UserError(
    `provider plugin "${name}" (${folder}) ended before its work was done (${how})${text && `:\n${text}`}`,
  );
}
