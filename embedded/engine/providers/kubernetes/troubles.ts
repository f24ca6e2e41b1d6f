import { parsePath, setPath } from '../../values/paths';
import { type JsonMap, textAt } from '../../../../kubernetes-api';
import { type PropertyMap, containsUnknown, isPropertyMap } from '../../values/value';
import type { DiffRequest, DiffResult } from '../provider';
import type { ClusterObjects } from './api/objects';
import { isPatch, referenceOf, toObject } from './object';
import { holdsData } from './owner';
import { isTerminating } from './terminating';
import { isReleased, refuseIfInUse } from './volumes';

/**
 * What ails an object although every field is as the program wants it, by the path of an input that the program does not have: the
 * next update sees a change, and mends it or says what stands in its way.
 */
function troublesOf(live: JsonMap, { spec }: PropertyMap): Record<string, string> {
  const waitsForNobody = isReleased(live) && isPropertyMap(spec) && isPropertyMap(spec.claimRef);
  return {
    ...(isTerminating(live) && { 'metadata.deletionTimestamp': textAt(live, 'metadata', 'deletionTimestamp') }),
    ...(waitsForNobody && { 'spec.claimRef.uid': textAt(live, 'spec', 'claimRef', 'uid') }),
  };
}

/** The inputs with what ails the object. */
export const withTroubles = (inputs: PropertyMap, live: JsonMap): PropertyMap =>
  Object.entries(troublesOf(live, inputs)).reduce((all, [path, value]) => setPath(all, parsePath(path), value), inputs);

/** Milliseconds for a look at an object that nothing else asks for: it must not keep a run from ending. */
const PATIENCE = 3_000;

/**
 * What a comparison of inputs cannot tell of the few objects that are, or hold, data: one that is being deleted, or a volume that
 * lets nobody in, is never unchanged; and one in use is not replaced. Other objects are looked at by a refresh.
 */
export class DataGuard {
  /** The cluster cannot be asked: a run that changes nothing does without. */
  private isBlind = false;

  /**
   * @throws UserError if a change would delete a claim or volume in use
   */
  async consider(
    request: DiffRequest,
    result: DiffResult,
    connect: () => Promise<ClusterObjects>,
  ): Promise<DiffResult> {
    const { type, newInputs } = request;
    if (containsUnknown(newInputs) || isPatch(type, newInputs)) return result;
    const reference = referenceOf(toObject(newInputs));
    if (!holdsData(reference)) return result;
    if (result.replaces.length > 0) {
      const old = referenceOf(toObject(request.oldInputs));
      await refuseIfInUse(await connect(), old, `the change of ${result.replaces.join(', ')} would delete it`);
    }
    if (result.changes || this.isBlind) return result;
    const signal = AbortSignal.any([request.signal, AbortSignal.timeout(PATIENCE)]);
    try {
      const objects = (await connect()).for({ ...request, signal });
      const live = await objects.get(reference, { retries: 0 });
      const paths = live ? Object.keys(troublesOf(live, newInputs)) : [];
      const detailed = Object.fromEntries(paths.map((path) => [path, 'delete' as const]));
      return paths.length > 0 ? { ...result, changes: true, detailed } : result;
    } catch {
      this.isBlind = true;
      return result;
    }
  }
}
