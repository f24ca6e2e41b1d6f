import { type Difference, differencesOf } from '../compare/difference';
import type { Scenario } from '../scenario';
import type { Engine } from '../stage/engine';
import type { Sections } from '../../integration/harness/workspace';

/** Something that the stack makes of a second replica of the gateway. */
const EXISTING = ['poddisruptionbudget', 'cluster-controller-gateway', '--namespace=services'] as const;

const EDITS: Record<string, (sections: Sections) => void> = {
  'a node that does not exist': ({ registry }) => {
    if (registry) registry.nodes = [...(registry.nodes as string[]), 'worker-99'];
  },
  'a context that does not exist': (sections) => {
    sections.cluster = { ...sections.cluster, context: 'no-such-context' };
  },
  'an object that exists already': ({ gateway }) => {
    if (gateway) gateway.replicas = 2;
  },
  'an API server that does not answer': (sections) => {
    sections.cluster = { context: 'silent', kubeconfig: SILENT };
    sections.gateway = { ...sections.gateway, replicas: 2 };
  },
};

/** Nothing listens on the port that takes no part in TCP. */
const SILENT = JSON.stringify({
  apiVersion: 'v1',
  kind: 'Config',
  clusters: [{ name: 'silent', cluster: { server: 'https://127.0.0.1:1' } }],
  users: [{ name: 'silent', user: {} }],
  contexts: [{ name: 'silent', context: { cluster: 'silent', user: 'silent' } }],
});

/** What cannot be applied is refused by both, in a preview, naming what is wrong; the cluster stays as it was. */
export const REFUSALS: Scenario = {
  name: 'refusals',
  title: 'what cannot be applied is refused by both before anything is changed',
  async run(stage) {
    const { embedded, cli, workspace, say } = stage;
    const differences: Difference[] = [];
    const nodes = await stage.kubectl('get', 'nodes', '-o', 'name');
    await stage.kubectl('create', ...EXISTING, '--selector=app=none', '--max-unavailable=1');
    for (const [where, edit] of Object.entries(EDITS)) {
      say(where);
      await workspace.configure(edit);
      differences.push(...differencesOf(where, await refusal(embedded), await refusal(cli)));
    }
    await stage.kubectl('delete', ...EXISTING);
    const after = await stage.kubectl('get', 'nodes', '-o', 'name');
    const sides = { embedded: nodes, cli: after };
    return after === nodes ? differences : [...differences, { where: 'after all', subject: 'nodes', ...sides }];
  },
};

async function refusal(engine: Engine): Promise<ReadonlyMap<string, string>> {
  const { code, stdout, stderr } = await engine.run('preview');
  const names =
    /worker-99|no-such-context|cluster-controller-gateway already exists|127\.0\.0\.1:1\b/.exec(stdout + stderr)?.[0] ??
    'nothing';
  return new Map([
    ['exit code', String(code)],
    ['names', names],
  ]);
}
