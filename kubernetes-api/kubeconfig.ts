import { existsSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { ClusterAccessError } from './errors';
import { type Json, type JsonMap, isJsonMap, listAt, mapAt, textAt } from './json';

/** A kubeconfig, merged from its files as kubectl merges them. */
interface Kubeconfig {
  /** For error messages: a path, or that it came as text. */
  source: string;
  currentContext: string;
  contexts: NamedEntry[];
  clusters: NamedEntry[];
  users: NamedEntry[];
}

export interface NamedEntry {
  name: string;
  settings: JsonMap;
  /** What relative paths in `settings` are relative to. */
  directory: string;
}

/** Where a context leads. */
export interface Target {
  context: string;
  namespace: string | undefined;
  cluster: NamedEntry;
  /** Absent where the cluster takes anonymous requests. */
  user: NamedEntry | undefined;
}

/** Which of the kubeconfig's contexts and clusters is meant. */
interface Selection {
  context?: string;
  cluster?: string;
}

/**
 * @param pathOrContents path, paths (as in $KUBECONFIG) or contents of a kubeconfig; undefined: $KUBECONFIG, else ~/.kube/config
 * @throws ClusterAccessError if there is none, or if it cannot be read
 */
export function loadKubeconfig(pathOrContents: string | undefined): Promise<Kubeconfig> {
  return Promise.resolve(pathOrContents).then(findSources).then(readSources);
}

function readSources(sources: readonly Source[]): Kubeconfig {
  // Not loaded at start-up: a run that changes nothing needs no kubeconfig. Node's import() knows no folders.
  const { parseYaml } = require('../stack-file') as typeof import('../stack-file');
  return sources.map((source) => readKubeconfig(parseText(parseYaml, source), source)).reduce(merge);
}

interface Source {
  source: string;
  text: string;
  directory: string;
}

function findSources(pathOrContents: string | undefined): Source[] {
  if (pathOrContents !== undefined && isContents(pathOrContents)) {
    return [{ source: 'given as text', text: pathOrContents, directory: '.' }];
  }
  const list = pathOrContents ?? defaultPaths();
  const paths = list
    .split(delimiter)
    .filter((path) => path !== '')
    .map((path) => path.replace(/^~(?=\/|$)/, homedir()));
  // As kubectl: of several files, those that do not exist are passed over.
  const found = paths.filter((path) => existsSync(path));
  if (found.length > 0) return found.map(readSource);
  const given = pathOrContents === undefined ? '' : ` ${paths.map((path) => `"${path}"`).join(', ')}`;
  throw new ClusterAccessError(
    `no kubeconfig:${given || ` ${paths.join(', ')}`} does not exist; set the provider’s kubeconfig (a path or the contents), or the environment variable KUBECONFIG`,
  );
}

function defaultPaths(): string {
  const { KUBECONFIG = '' } = process.env;
  return KUBECONFIG === '' ? join(homedir(), '.kube', 'config') : KUBECONFIG;
}

/** Text of one line without braces can only be a path, or several. */
const isContents = (text: string) => /[\n{]|^apiVersion:/.test(text);

function readSource(path: string): Source {
  try {
    return { source: path, text: readFileSync(path, 'utf8'), directory: dirname(path) };
  } catch (error) {
    const isFolder = (error as NodeJS.ErrnoException).code === 'EISDIR';
    throw new ClusterAccessError(`kubeconfig ${path} ${isFolder ? 'is a folder, not a file' : 'may not be read'}`);
  }
}

function parseText(parse: (text: string) => unknown, { source, text }: Source): JsonMap {
  let content: Json;
  try {
    content = (parse(text) ?? {}) as Json;
  } catch {
    // The parser's message quotes the text, which may hold keys.
    throw new ClusterAccessError(`kubeconfig ${source} is not valid YAML`);
  }
  if (isJsonMap(content)) return content;
  throw new ClusterAccessError(`kubeconfig ${source} is not the text of a kubeconfig`);
}

function readKubeconfig(content: JsonMap, { source, directory }: Source): Kubeconfig {
  const entries = (key: string, settingsKey: string) =>
    listAt(content, key).map((entry) => ({
      name: textAt(entry, 'name'),
      settings: mapAt(entry, settingsKey),
      directory,
    }));
  return {
    source,
    currentContext: textAt(content, 'current-context'),
    contexts: entries('contexts', 'context'),
    clusters: entries('clusters', 'cluster'),
    users: entries('users', 'user'),
  };
}

/** Of several files, the first to name something wins. */
function merge(first: Kubeconfig, second: Kubeconfig): Kubeconfig {
  return {
    source: `${first.source}, ${second.source}`,
    currentContext: first.currentContext || second.currentContext,
    contexts: [...first.contexts, ...second.contexts],
    clusters: [...first.clusters, ...second.clusters],
    users: [...first.users, ...second.users],
  };
}

/**
 * @throws ClusterAccessError if the context, its cluster or its user is not in the kubeconfig
 */
export function selectTarget(kubeconfig: Kubeconfig, selection: Selection): Target {
  const { source, contexts, clusters, users, currentContext } = kubeconfig;
  const name = selection.context ?? currentContext;
  if (name === '')
    throw new ClusterAccessError(`kubeconfig ${source} has no current context: name one (provider setting context)`);
  const context = find(contexts, name, 'context', source);
  const cluster = find(clusters, selection.cluster ?? textAt(context.settings, 'cluster'), 'cluster', source);
  const user = textAt(context.settings, 'user');
  return {
    context: name,
    namespace: textAt(context.settings, 'namespace') || undefined,
    cluster,
    user: user === '' ? undefined : find(users, user, 'user', source),
  };
}

function find(entries: NamedEntry[], name: string, what: string, source: string): NamedEntry {
  const found = entries.find((entry) => entry.name === name);
  if (found) return found;
  const names = entries.map((entry) => entry.name).join(', ') || 'none';
  throw new ClusterAccessError(`kubeconfig ${source} has no ${what} "${name}"; it has: ${names}`);
}
