/** What the engine starts as plugins. */
export interface PluginKind {
  /** What messages call it. */
  readonly title: string;
  /** The file in its folder that says how it is run. */
  readonly manifest: string;
  /** Who names the folder, for messages. */
  readonly namedIn: string;
  /** What is loaded ahead of it, as paths. */
  readonly loadedFirst: readonly string[];
}

export const PROVIDER_PLUGIN: PluginKind = {
  title: 'provider plugin',
  manifest: 'PulumiPlugin.yaml',
  namedIn: 'its folder is named under plugins.providers in Pulumi.yaml',
  loadedFirst: [require.resolve('@grpc/grpc-js')],
};

export interface PluginOptions {
  kind: PluginKind;
  /** What its user knows it by: of a provider plugin the package, as in Pulumi.yaml. */
  name: string;
  /** The plugin's folder, absolute. */
  folder: string;
  /** Where it runs: the program's working directory, so that it sees the program's tsconfig and node_modules. */
  workingDirectory: string;
  /** Of the engine's own gRPC services, for the plugin's log messages. */
  engineAddress: string;
  /** Variables that it gets besides those of this process. */
  environment?: NodeJS.ProcessEnv;
  /** Ends the wait for its start. */
  signal?: AbortSignal;
  /** Gets every line that the plugin writes to stdout and stderr, but for the port. */
  log(line: string): void;
}

/** As messages name a plugin. */
export const titleOf = ({ kind, name }: Pick<PluginOptions, 'kind' | 'name'>) => `${kind.title} "${name}"`;
