import { setTimeout as sleep } from 'node:timers/promises';
import type { PropertyMap } from '../../values/value';
import { type CreateRequest, type CreateResult, InitError, type RecoverRequest } from '../provider';
import { UserError } from '../../../shared/errors';
import { type JsonMap, isConflict, isInvalid, isNotFound, textAt } from '../../../../kubernetes-api';
import { type ApplyOptions, type ClusterObjects, UnknownKindError } from './api/objects';
import { applicationOf, migrateOwnUpdates, relinquish, tryApply } from './apply';
import { waitUntilReady } from './await/await-ready';
import { alreadyExists, explain } from './errors';
import { isManagedBy, wasCreatedBy } from './field-managers';
import { type ObjectReference, describe, objectId, referenceOf, toObject, toProperties } from './object';
import { MEMORY, outputsOf, previewedOutputs } from './outputs';
import { holdsData, isClaimOf, ownerOf } from './owner';
import { getIfKnown } from './read';
import type { Settings } from './settings';
import { awaitEnd, isTerminating, terminationOf } from './terminating';
import { isUndecidable } from './undecidable';
import { freeVolumeFor } from './volumes';

const MISSING_PARENT_RETRIES = 5;

/** The create of one object, under a field manager of its own. */
export class Creation {
  private readonly body: JsonMap;
  private readonly reference: ObjectReference;
  private readonly options: ApplyOptions;

  /** @param request with inputs that are all known */
  constructor(
    private readonly request: CreateRequest,
    private readonly objects: ClusterObjects,
    private readonly settings: Settings,
  ) {
    ({ body: this.body, reference: this.reference, options: this.options } = applicationOf(request.inputs));
  }

  /** Creates it, and waits until it is ready. An object that exists is refused unless the provider is to take it over. */
  async run(): Promise<CreateResult> {
    const { request, reference } = this;
    const { inputs } = request;
    const id = objectId(reference.namespace, reference.name);
    const brought = await this.bring().catch((error: unknown) => {
      throw explain(reference, 'create', error, inputs);
    });
    const { live, failure } = await waitUntilReady(request, this.objects, brought, inputs);
    const outputs = outputsOf({ live, inputs, fieldManager: this.options.fieldManager });
    if (failure === undefined) return { id, outputs };
    throw new InitError(id, outputs, [`${describe(reference)} was created, but ${failure}`]);
  }

  /** What the object would look like, from a dry run of the API server. Changes nothing. */
  async preview(): Promise<CreateResult> {
    const { inputs } = this.request;
    return { id: '', outputs: previewedOutputs((await this.dryRun()) ?? inputs, inputs) };
  }

  private async bring(): Promise<JsonMap> {
    const { request, objects, reference } = this;
    let existing = await objects.get(reference);
    if (existing && isTerminating(existing)) {
      await awaitEnd(request, objects, reference, existing);
      existing = undefined;
    }
    if (existing && !(await this.mayTakeOver(existing))) throw alreadyExists(reference, existing);
    await request.noteIntent({ [MEMORY.fieldManager]: this.options.fieldManager });
    const live = existing ? await this.takeOver(existing) : await this.createNew();
    await freeVolumeFor(objects, live);
    return live;
  }

  /** Whether an object that exists is the program's to have: by the provider's setting, or as a StatefulSet uses it anyway. */
  private async mayTakeOver(existing: JsonMap): Promise<boolean> {
    if (this.settings.upsertExistingObjects) return true;
    if (existing.kind !== 'PersistentVolumeClaim') return false;
    const namespace = textAt(existing, 'metadata', 'namespace');
    const sets = await this.objects.list({ apiVersion: 'apps/v1', kind: 'StatefulSet', namespace });
    // The items of a list do not say their kind.
    return sets.some((set) => isClaimOf(existing, set));
  }

  private async takeOver(existing: JsonMap): Promise<JsonMap> {
    const { objects, body, reference, options } = this;
    await migrateOwnUpdates(objects, existing, reference, options.fieldManager);
    return (await objects.apply(body, options)).object;
  }

  private async createNew(): Promise<JsonMap> {
    const { request, objects, body, reference } = this;
    const { fieldManager } = this.options;
    for (let attempt = 1; ; attempt++) {
      try {
        const applied = await objects.apply(body, { fieldManager, force: false });
        const mine = applied.created || (applied.repeated && wasCreatedBy(applied.object, fieldManager));
        if (mine || (await this.mayTakeOver(applied.object))) return applied.object;
        // Somebody else created it since it was looked for: give back what the apply has taken.
        await relinquish(objects, reference, fieldManager);
        throw alreadyExists(reference, applied.object);
      } catch (error) {
        // The namespace or the kind was made just before, and not every part of the API server knows yet.
        const early = isNotFound(error) || error instanceof UnknownKindError;
        if (!early || attempt > MISSING_PARENT_RETRIES) throw error;
        request.status(`waiting for what it needs: ${error.message}`);
        await sleep(100 * 2 ** attempt, undefined, { signal: request.signal });
      }
    }
  }

  private async dryRun(): Promise<PropertyMap | undefined> {
    const { request, objects, body, reference, options } = this;
    try {
      const applied = await tryApply(objects, body, options);
      return applied.created || (await this.isTakenOver()) ? toProperties(applied.object) : undefined;
    } catch (error) {
      if (isConflict(error) || isInvalid(error)) {
        // The answer to an update; what is there tells whether it would be one.
        if ((await objects.get(reference)) && !(await this.isTakenOver())) return undefined;
      } else if (isUndecidable(error, request)) return undefined;
      throw explain(reference, 'create', error, request.inputs);
    }
  }

  /**
   * What becomes of the object that is there, as the create itself will find it.
   *
   * @returns false where it is gone by then
   * @throws UserError where the create will be refused
   */
  private async isTakenOver(): Promise<boolean> {
    const { request, objects, reference } = this;
    const existing = await objects.get(reference);
    if (!existing || (request.replaced && uidOf(existing) === uidOf(toObject(request.replaced)))) return false;
    if (isTerminating(existing)) {
      const message = await terminationOf(existing, reference, objects);
      if (holdsData(reference)) throw new UserError(message);
      request.warn(message);
      return false;
    }
    if (!(await this.mayTakeOver(existing))) throw alreadyExists(reference, existing);
    // Whoever gave its fields to this very manager meant it to be.
    if (isManagedBy(existing, this.options.fieldManager)) return true;
    request.warn(`${describe(reference)} exists already (${ownerOf(existing).description}) and is taken over`);
    return true;
  }
}

const uidOf = (object: JsonMap) => textAt(object, 'metadata', 'uid');

/**
 * Finds the object of an interrupted create: the field manager was made for that create alone, so that an object with its
 * fields is the one.
 */
export async function recoverObject(
  { inputs, noted }: RecoverRequest,
  objects: ClusterObjects,
): Promise<CreateResult | undefined> {
  const fieldManager = noted[MEMORY.fieldManager];
  const reference = referenceOf(toObject(inputs));
  if (typeof fieldManager !== 'string') return undefined;
  const live = await getIfKnown(reference, objects);
  if (!live || !isManagedBy(live, fieldManager)) return undefined;
  return { id: objectId(reference.namespace, reference.name), outputs: outputsOf({ live, inputs, fieldManager }) };
}
