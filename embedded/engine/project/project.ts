import { dirname, join, resolve } from 'node:path';
import { z } from 'zod';
import { UserError } from '../../shared/errors';
import { isMissing, readYaml } from './yaml-file';

const FILE_NAME = 'Pulumi.yaml';

/** A Pulumi project: its Pulumi.yaml, read. */
export interface Project {
  name: string;
  /** Of the Pulumi.yaml, absolute. */
  file: string;
  /** The folder of the Pulumi.yaml, absolute. */
  directory: string;
  runtime: { name: 'nodejs'; options: RuntimeOptions };
  /** The program: a file or folder, relative to `directory`. Undefined: `main` of package.json. */
  main?: string;
  /** Where the stack files are, absolute. */
  stackConfigDir: string;
  /** Plugins that come with the project. Of providers: the package, and the folder (absolute) that holds its plugin. */
  plugins: { providers: { name: string; path: string }[] };
  /** Where the state is, unless PULUMI_BACKEND_URL says otherwise. */
  backendUrl?: string;
  /** Whether every update refreshes first. */
  refreshAlways: boolean;
}

const runtimeOptions = z.looseObject({
  typescript: z.boolean().optional(),
  nodeargs: z.string().optional(),
  tsconfig: z.string().optional(),
});
type RuntimeOptions = z.infer<typeof runtimeOptions>;

const plugin = z.looseObject({ name: z.string(), path: z.string() });
const unsupported = (what: string, advice: string) =>
  z.never(`${what} are not supported by the embedded engine; ${advice}`).optional();

const projectFile = z.looseObject({
  name: z.string('expected the name of the project').regex(/^[\w.-]{1,100}$/, 'use letters, digits, "-", "_" and "."'),
  runtime: z.preprocess(
    (runtime) => (typeof runtime === 'string' ? { name: runtime } : runtime),
    z.object({
      name: z.literal('nodejs', 'the embedded engine runs nodejs programs only; use the Pulumi CLI for others'),
      options: runtimeOptions.default({}),
    }),
  ),
  main: z.string().optional(),
  stackConfigDir: z.string().optional(),
  config: unsupported('declarations of configuration', "set the values in the stacks' files, or use the Pulumi CLI"),
  backend: z.object({ url: z.string().optional() }).optional(),
  options: z.object({ refresh: z.literal('always').optional() }).optional(),
  plugins: z
    .object({
      providers: z.array(plugin).default([]),
      languages: unsupported('language plugins', 'use the Pulumi CLI'),
      analyzers: unsupported('analyzer plugins', 'use the Pulumi CLI'),
    })
    .optional(),
  packages: unsupported('packages', 'install the SDK with npm, or use the Pulumi CLI'),
});

/**
 * Reads the Pulumi.yaml of a folder, or of the nearest folder above it that has one.
 *
 * @throws UserError if there is none, it is malformed, or it asks for what this engine cannot do
 */
export async function loadProject(directory: string): Promise<Project> {
  const { file, data } = await findProject(resolve(directory), directory);
  const parsed = projectFile.safeParse(data);
  if (!parsed.success) {
    const problems = parsed.error.issues.map(({ path, message }) => `  ${path.join('.')}: ${message}`);
    throw new UserError(`${file}:\n${problems.join('\n')}`);
  }
  return projectOf(file, parsed.data);
}

async function findProject(directory: string, start: string): Promise<{ file: string; data: Record<string, unknown> }> {
  const file = join(directory, FILE_NAME);
  try {
    return { file, data: await readYaml(file) };
  } catch (error) {
    if (!isMissing(error)) throw error;
    const parent = dirname(directory);
    if (parent !== directory) return findProject(parent, start);
    throw new UserError(
      `No ${FILE_NAME} in ${start} or in a folder above it. Run this in a Pulumi project, or use --cwd.`,
    );
  }
}

function projectOf(file: string, data: z.infer<typeof projectFile>): Project {
  const directory = dirname(file);
  const { name, runtime, main, backend, options, plugins } = data;
  return {
    name,
    file,
    directory,
    runtime,
    ...(main !== undefined && { main }),
    stackConfigDir: resolve(directory, data.stackConfigDir ?? '.'),
    plugins: {
      providers: (plugins?.providers ?? []).map(({ name, path }) => ({ name, path: resolve(directory, path) })),
    },
    ...(backend?.url !== undefined && { backendUrl: backend.url }),
    refreshAlways: options?.refresh === 'always',
  };
}
