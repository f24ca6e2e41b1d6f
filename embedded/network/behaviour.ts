import { UserError } from '../shared/errors';

/** One way in which upstream behaves otherwise than its documentation says. */
interface Bug {
  /** What the deployed code (6b2b17a) does. */
  observed: string;
  /** What the documentation says, or lets a reader expect. */
  documented: string;
  /** Number of the fact in CONTRACT.md. */
  fact: number;
}

/** Every difference that the stand-in can show either way. */
export const BUGS = {
  mapReplaced: {
    observed: 'An update of the network map drops the actions that it does not name, though its answer shows them.',
    documented: 'Actions that are not named keep their policies.',
    fact: 2,
  },
  emptyStaysInNetworkMap: {
    observed: 'An empty string stays in the network map as a value.',
    documented: 'An empty string removes the action.',
    fact: 3,
  },
  emptyStaysInClusterMap: {
    observed: "An empty string stays in a cluster's map as a value.",
    documented: 'An empty string removes the action.',
    fact: 7,
  },
  listPoisonsMap: {
    observed: 'A posted list of pairs replaces the network map by a list; later updates fail until a restart.',
    documented: 'The body is an object; anything else is refused and changes nothing.',
    fact: 4,
  },
  mapInProcess: {
    observed: "Each gateway process has its own network map, and a restart returns to the Deployment's environment.",
    documented: 'There is one network map, and updates last.',
    fact: 5,
  },
  lostUpdates: {
    observed: 'Of updates of one map at the same time only one or two are kept.',
    documented: 'Every update that succeeded is kept.',
    fact: 12,
  },
  unescapedId: {
    observed: "A cluster's id becomes part of a URL as it is: `..` or `a/b` reach other paths.",
    documented: 'An id names a cluster, whatever its characters.',
    fact: 11,
  },
  plainUriBreaksNodes: {
    observed: 'A plain URI for add_node or remove_node ends every node request in HTTP 500.',
    documented: 'A plain URI works for every action.',
    fact: 22,
  },
  emptyUriDenies: {
    observed: 'An empty string for create_cluster or remove_cluster denies every request.',
    documented: 'An empty string means no check.',
    fact: 15,
  },
  createClusterKey: {
    observed: '`POST /clusters/create` looks up create_cluster.',
    documented: 'It looks up add_cluster.',
    fact: 14,
  },
  bareClusterInput: {
    observed: 'The policies of clusters get the cluster itself (create) or {cluster_id} (remove) as input_data.',
    documented: 'They get {cluster_data}, on removal with cluster_metrics and cluster_blocks.',
    fact: 17,
  },
  unconsultedActions: {
    observed: 'Nothing asks the policies of update_cluster, of blocks and of management commands.',
    documented: 'Every one of the ten actions is checked.',
    fact: 19,
  },
  duplicatePolicies: {
    observed: 'A second POST of the same policy stores a second entry.',
    documented: 'A policy is found by its unique URI: the second POST is refused.',
    fact: 41,
  },
  duplicateExecutors: {
    observed: 'A second POST of the same executor stores a second entry.',
    documented: 'executor_id is unique: the second POST is refused.',
    fact: 42,
  },
  putMovesUri: {
    observed: 'PUT of a policy with another name or version changes the stored URI.',
    documented: 'PUT updates the policy that the URL names; a body that names another is refused.',
    fact: 43,
  },
  uncheckedTypes: {
    observed: 'Values of a policy may have any type: all null is stored as None:None-None.',
    documented: 'Values have the types of the PolicyRule schema; others are refused.',
    fact: 44,
  },
  slashUnreachable: {
    observed: 'A policy whose name has a slash can be created, and never read, changed or deleted.',
    documented: 'Percent-encoded, every name works.',
    fact: 45,
  },
  executorUriIgnored: {
    observed: 'POST of an executor ignores executor_host_uri: it is http://<cluster_public_ip>:30900; PUT requires it.',
    documented: 'A given executor_host_uri is stored, and not required where it is not given.',
    fact: 48,
  },
  minimizes: {
    observed: 'The clusters registry leaves empty objects out of every answer, and out of new entries.',
    documented: 'What was stored is answered.',
    fact: 55,
  },
  configRequired: {
    observed: "The gateway's calls for the map of a cluster without config end in HTTP 500.",
    documented: 'A cluster without config has an empty map.',
    fact: 9,
  },
  outageLooksEmpty: {
    observed: 'Without its database the policies system answers as if nothing existed, after 30 s or at once.',
    documented: 'A failure is answered as a failure.',
    fact: 49,
  },
  singleModule: {
    observed: 'A second module beside function.py cannot be imported.',
    documented: 'The code folder is a package of modules.',
    fact: 39,
  },
} as const satisfies Record<string, Bug>;

export type BugName = keyof typeof BUGS;

/**
 * Which behaviour the stand-in shows: all as observed on the deployed services, all as documented, or as observed but
 * for the named ones (false: documented).
 */
export type Behaviour = 'observed' | 'documented' | Partial<Record<BugName, boolean>>;

/** For each bug whether it is there. */
export type Bugs = Readonly<Record<BugName, boolean>>;

/**
 * A behaviour as text, as command lines have it.
 * @throws UserError naming what is unknown
 */
export function parseBehaviour(text: string): Behaviour {
  const value = text.startsWith('{') || text.startsWith('"') ? parseJson(text) : text;
  if (value === 'observed' || value === 'documented') return value;
  const entries = typeof value === 'object' && value !== null ? Object.entries(value) : [];
  const wrong = entries.find(([name, isThere]) => !Object.hasOwn(BUGS, name) || typeof isThere !== 'boolean');
  if (entries.length > 0 && !wrong) return value as Behaviour;
  throw new UserError(
    `Behaviour ${wrong ? `"${wrong[0]}": ${JSON.stringify(wrong[1])}` : text} is not known: ` +
      `write observed, documented, or JSON that sets some of ${Object.keys(BUGS).join(', ')} to true or false.`,
  );
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

/** @param behaviour default: as observed */
export function resolveBugs(behaviour: Behaviour = 'observed'): Bugs {
  const names = Object.keys(BUGS) as BugName[];
  const isThere = (name: BugName) => {
    if (typeof behaviour === 'string') return behaviour === 'observed';
    return behaviour[name] ?? true;
  };
  return Object.fromEntries(names.map((name) => [name, isThere(name)])) as Record<BugName, boolean>;
}
