import { isBuilt } from '../shared/go/recipe';
import { clusterProcesses, runningCluster, serverOf } from './cluster';
import { COMPONENT_NAMES, type ComponentName } from './components';
import { clusterFolder } from './paths';
import { rememberedPort } from './ports';
import { programsOf, readRecipe } from './programs';

interface ComponentStatus {
  readonly name: ComponentName;
  /** Absent: it is not running. */
  readonly pid?: number;
  readonly log: string;
}

interface ClusterStatus {
  /** running: a start would do nothing; partial: it would repair something. */
  readonly state: 'running' | 'partial' | 'stopped';
  readonly components: readonly ComponentStatus[];
  /** Address of the API server at the last start; absent if there was none. */
  readonly server?: string;
  readonly kubeconfig: string;
}

/** @param directory where the cluster lives. Default: `.aios/cluster` of this checkout. */
export async function clusterStatus({ directory }: { readonly directory?: string } = {}): Promise<ClusterStatus> {
  const folder = await clusterFolder(directory);
  const recipe = readRecipe();
  const processes = clusterProcesses(folder);
  const port = await rememberedPort(folder);
  const isUsable = isBuilt(recipe) && (await runningCluster(folder, programsOf(recipe), undefined)) !== undefined;
  return {
    state: isUsable ? 'running' : processes.length > 0 ? 'partial' : 'stopped',
    components: COMPONENT_NAMES.map((name) => {
      const found = processes.find((process) => process.name === name);
      return { name, log: folder.log(name), ...(found ? { pid: found.pid } : {}) };
    }),
    kubeconfig: folder.kubeconfig,
    ...(port === undefined ? {} : { server: serverOf(port) }),
  };
}
