import type { Call } from '../resource-handler';
import type { Json } from '../wire/value';
import type { DesiredMap } from './desired-map';

/** A map of the gateway that can be made as desired: the network's, or a cluster's. */
export interface MapStore {
  /** Writers of the same map take turns by this. */
  readonly key: string;
  /** Why there is no map to write to. */
  missing(): Error;
  /**
   * The map as it is; undefined if what it belongs to is certainly gone.
   *
   * @param expected of several answers that differ, the one that is not this is what the caller has to hear of
   */
  read(call: Call, expected?: Json): Promise<Json | undefined>;
  /**
   * Writes until the map reads as desired.
   *
   * @param before what `read` found
   * @returns the map as it is then
   * @throws UserError with the wanted map and the one seen last, if that does not come about within some rounds
   */
  reconcile(call: Call, desired: DesiredMap, before: Json): Promise<Json>;
}

/** How often is written and read back before that is given up. */
export const ROUNDS = 8;

/** What to say when a map does not become as desired. */
export function notConverged(name: string, wanted: Json, seen: Json, causes: readonly string[]): string {
  return [
    `${name} did not become as wanted in ${ROUNDS} rounds of writing and reading back.`,
    `wanted: ${JSON.stringify(wanted)}`,
    `seen:   ${JSON.stringify(seen)}`,
    ...causes,
  ].join('\n');
}
