import { type PropertyMap, containsUnknown } from '../../values/value';
import type * as engine from '../provider';
import { ApiClient, type Target, loadKubeconfig, selectTarget } from '../../../../kubernetes-api';
import { commonKind } from './api/kinds';
import { ClusterObjects, UnknownKindError } from './api/objects';
import { checkObject } from './check';
import { checkConfig, diffConfig } from './config-check';
import { Creation, recoverObject } from './create';
import { deleteObject } from './delete';
import { diffObject } from './diff';
import { isPatch } from './object';
import { previewedOutputs } from './outputs';
import { createPatch, previewPatch } from './patch-resource';
import { readObject } from './read';
import { type Settings, readSettings } from './settings';
import { DataGuard } from './troubles';
import { previewUpdate, updateObject } from './update';

/** Seconds for one request to the API server. */
const REQUEST_TIMEOUT = 30;

/**
 * The resources of a Kubernetes cluster, as pulumi-kubernetes manages them: by server-side apply, previewed by the API
 * server's dry run, awaited until they are ready.
 * A run that finds no change asks the cluster for nothing but the objects that hold data.
 */
export class KubernetesProvider implements engine.Provider {
  private settings: Settings | undefined;
  private target: Promise<Target> | undefined;
  private objects: Promise<ClusterObjects> | undefined;
  private readonly guard = new DataGuard();

  checkConfig(request: engine.CheckRequest): Promise<engine.CheckResult> {
    return Promise.resolve(checkConfig(request));
  }

  diffConfig(request: engine.DiffRequest): Promise<engine.DiffResult> {
    return diffConfig(request);
  }

  configure(inputs: PropertyMap): Promise<void> {
    this.settings = readSettings(inputs);
    return Promise.resolve();
  }

  check(request: engine.CheckRequest): Promise<engine.CheckResult> {
    return checkObject(request, {
      defaultNamespace: () => this.defaultNamespace(),
      isNamespaced: (of) => this.isNamespaced(of, request),
    });
  }

  async diff(request: engine.DiffRequest): Promise<engine.DiffResult> {
    const result = diffObject(request, this.configured);
    return this.guard.consider(request, result, () => this.connectedFor(request));
  }

  async create(request: engine.CreateRequest): Promise<engine.CreateResult> {
    const { type, inputs, preview } = request;
    if (preview && containsUnknown(inputs)) return { id: '', outputs: previewedOutputs(inputs, inputs) };
    const objects = await this.connectedFor(request);
    if (isPatch(type, inputs)) return preview ? previewPatch(request, objects) : createPatch(request, objects);
    const creation = new Creation(request, objects, this.configured);
    return preview ? creation.preview() : creation.run();
  }

  async read(request: engine.ReadRequest): Promise<engine.ReadResult | undefined> {
    return readObject(request, await this.connectedFor(request));
  }

  async update(request: engine.UpdateRequest): Promise<engine.UpdateResult> {
    const { newInputs: inputs, preview } = request;
    if (preview && containsUnknown(inputs)) return { outputs: previewedOutputs(inputs, inputs) };
    const objects = await this.connectedFor(request);
    return preview ? previewUpdate(request, objects) : updateObject(request, objects);
  }

  async delete(request: engine.DeleteRequest): Promise<void> {
    await deleteObject(request, await this.connectedFor(request));
  }

  async recover(request: engine.RecoverRequest): Promise<engine.CreateResult | undefined> {
    return recoverObject(request, await this.connectedFor(request));
  }

  async close(): Promise<void> {
    // A connection that failed has nothing to close.
    const objects = await this.objects?.catch(() => undefined);
    objects?.close();
  }

  private get configured(): Settings {
    if (!this.settings) throw new Error('the kubernetes provider is not configured');
    return this.settings;
  }

  private async connectedFor(request: engine.ResourceCall): Promise<ClusterObjects> {
    this.objects ??= this.selected().then((target) => new ClusterObjects(new ApiClient(target, REQUEST_TIMEOUT)));
    return (await this.objects).for(request);
  }

  private selected(): Promise<Target> {
    const { kubeconfig, ...selection } = this.configured;
    this.target ??= loadKubeconfig(kubeconfig).then((loaded) => selectTarget(loaded, selection));
    return this.target;
  }

  private async defaultNamespace(): Promise<string> {
    return (await this.selected()).namespace ?? 'default';
  }

  /** A kind that the cluster does not know yet is probably made in the same run, and namespaced. */
  private async isNamespaced(of: { apiVersion: string; kind: string }, request: engine.ResourceCall): Promise<boolean> {
    const known = commonKind(of);
    if (known) return known.namespaced;
    try {
      return await (await this.connectedFor(request)).isNamespaced(of);
    } catch (error) {
      if (error instanceof UnknownKindError) return true;
      throw error;
    }
  }
}
