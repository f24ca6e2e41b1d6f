import { Outage } from '../errors';
import { isMadeByStackOf } from '../origin';
import type { Call } from '../resource-handler';
import type { GatewayMap } from '../services/gateway';
import { type Json, isJsonObject } from '../wire/value';

/**
 * What of a map is not bound to policies that this stack has onboarded. A run that was killed may have bound them, with what was
 * wanted then: restored at the end, they would keep their policies from being deleted.
 */
export async function withoutOwn(call: Call, map: GatewayMap): Promise<GatewayMap> {
  const entries = await Promise.all(
    Object.entries(map).map(async ([key, value]) => ((await isOwn(call, value)) ? [] : [[key, value] as const])),
  );
  return Object.fromEntries(entries.flat());
}

async function isOwn(call: Call, value: Json): Promise<boolean> {
  const uri = isJsonObject(value) ? value.policyRuleURI : value;
  if (typeof uri !== 'string' || uri === '') return false;
  const entries = await call.services.policies.find(call, uri).catch((error: unknown) => {
    // Whose it is cannot be told then, and the binding itself needs no policies system.
    if (error instanceof Outage) return [];
    throw error;
  });
  return entries.some(({ metadata }) => isMadeByStackOf(call.urn, metadata));
}
