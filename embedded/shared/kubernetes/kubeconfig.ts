import { readFileSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { UserError } from '../errors';
import { Json, JsonMap, isJsonMap, listAt, mapAt, textAt } from './json';

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
 * @param pathOrContents of a kubeconfig; undefined: $KUBECONFIG, else ~/.kube/config
 * @throws UserError if there is none, or if it cannot be read
 */
export async function loadKubeconfig(pathOrContents: string | undefined): Promise<Kubeconfig> {
  const sources = findSources(pathOrContents);
  // Not loaded at start-up: a run that changes nothing needs no kubeconfig.
  const { parse } = await import('yaml');
  const loaded = sources.map(({ source, text, directory }) => {
    const content: unknown = parseText(parse, text, source);
    if (!isJsonMap(content as Json) || !Array.isArray((content as JsonMap).contexts)) {
      throw new UserError(`kubeconfig ${source} is neither a file that exists nor the text of a kubeconfig`);
    }
    return readKubeconfig(content as JsonMap, source, directory);
  });
  return loaded.reduce(merge);
}

interface Source {
  source: string;
  text: string;
  directory: string;
}

function findSources(pathOrContents: string | undefined): Source[] {
  if (pathOrContents !== undefined) {
    const path = pathOrContents.replace(/^~(?=\/|$)/, homedir());
    return isFile(path)
      ? [readSource(path)]
      : [{ source: describeText(pathOrContents), text: pathOrContents, directory: '.' }];
  }
  const paths = (process.env.KUBECONFIG ?? join(homedir(), '.kube', 'config')).split(delimiter).filter(isFile);
  if (paths.length === 0) {
    throw new UserError(
      'no kubeconfig: set the kubernetes provider’s kubeconfig (a path or the contents), or the environment variable KUBECONFIG',
    );
  }
  return paths.map(readSource);
}

/** A text of one line is a path that somebody mistyped; anything else may hold keys and is not repeated. */
const describeText = (text: string) => (/[\n:{]/.test(text) ? 'given as text' : `"${text}"`);

const readSource = (path: string): Source => ({
  source: path,
  text: readFileSync(path, 'utf8'),
  directory: dirname(path),
});

// A text can be too long for a path, or hold what no path can: then it is none.
function isFile(path: string): boolean {
  try {
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

function parseText(parse: (text: string) => unknown, text: string, source: string): unknown {
  try {
    return parse(text);
  } catch {
    // The parser's message quotes the text, which may hold keys.
    throw new UserError(`kubeconfig ${source} is not valid YAML`);
  }
}

function readKubeconfig(content: JsonMap, source: string, directory: string): Kubeconfig {
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
 * @throws UserError if the context, its cluster or its user is not in the kubeconfig
 */
export function selectTarget(kubeconfig: Kubeconfig, selection: Selection): Target {
  const { source, contexts, clusters, users, currentContext } = kubeconfig;
  const name = selection.context ?? currentContext;
  if (name === '')
    throw new UserError(`kubeconfig ${source} has no current context: name one (provider setting context)`);
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
  throw new UserError(`kubeconfig ${source} has no ${what} "${name}"; it has: ${names}`);
}
