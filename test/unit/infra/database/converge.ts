import type { MemberIo } from '../../../../infra/database/members/types';
import { leave, pass } from './members-script';
import { SimulatedSet } from './simulated-set';

export interface Report {
  /** What the members did, rests and waits left out. */
  steps: string[];
  /** Reasons that the members gave at the end for not doing more. */
  waiting: string[];
}

/** Runs all members, in turn, until none has done anything for three rounds: data needs some heartbeats to arrive. */
export async function settle(set: SimulatedSet, wrap: (io: MemberIo) => MemberIo = (io) => io): Promise<Report> {
  const steps: string[] = [];
  let quiet = 0;
  for (let round = 0; round < 400; round += 1) {
    let busy = false;
    const waiting: string[] = [];
    for (const ordinal of set.running) {
      const step = await pass(wrap(set.io(ordinal))).catch((error: unknown) => {
        busy = true;
        return { action: 'wait' as const, reason: String(error) };
      });
      if (step.action === 'wait') waiting.push(`${ordinal}: ${step.reason}`);
      else if (step.action !== 'rest') {
        steps.push('reason' in step ? `${step.action}: ${step.reason}` : step.action);
        busy = true;
      }
    }
    const before = JSON.stringify([set.primary, set.accepted.length]);
    await set.tick();
    busy ||= before !== JSON.stringify([set.primary, set.accepted.length]) || set.mayElect;
    quiet = busy ? 0 : quiet + 1;
    if (quiet === 3) return { steps, waiting };
  }
  throw new Error(`does not settle: ${steps.slice(-6).join('; ')}`);
}

/** A set of members 0 to replicas - 1 that is as wanted. */
export async function establishedSet(replicas: number): Promise<SimulatedSet> {
  const set = new SimulatedSet(replicas);
  await settle(set);
  return set;
}

/** What Kubernetes does when the number shrinks: all pods beyond it are told to stop, at once. */
export async function shrink(set: SimulatedSet, replicas: number): Promise<number[][]> {
  const doomed = set.running.filter((ordinal) => ordinal >= replicas);
  set.scaleTo(replicas);
  const membersAtStop: number[][] = [];
  const leaving = new Set(doomed);
  const stopping = doomed.map(async (ordinal) => {
    await leave(set.io(ordinal), set.now + 110_000);
    membersAtStop.push(set.membership.members.filter((m) => m === ordinal) as number[]);
    set.stop(ordinal);
    leaving.delete(ordinal);
  });
  for (let round = 0; leaving.size > 0; round += 1) {
    if (round > 150) throw new Error(`still there: ${[...leaving].join()}`);
    for (const ordinal of set.running) await pass(set.io(ordinal)).catch(() => undefined);
    await set.tick();
  }
  await Promise.all(stopping);
  await settle(set);
  return membersAtStop;
}

/** The first ordinals. */
export const upTo = (count: number): number[] => Array.from({ length: count }, (_, ordinal) => ordinal);
