import { type CheckFailure, Fields } from '../check/fields';
import { ResponseError, PartialFailure, UserError } from '../errors';
import { pause } from '../http/pause';
import { isMadeBy } from '../origin';
import type { Call, Checked, Existing, ResourceHandler, State } from '../resource-handler';
import { type ChangeKind, difference } from '../wire/difference';
import { type Properties, open, reveal, without } from '../wire/value';
import { checkPolicy, checkSameContent, completeInputs } from './check';
import { codeOf, differingFields, haveSameContent, inputsOfEntry, toEntry, uriOf } from './entry';
import { uploadCode } from './upload';

/** How often a written entry is looked at before it counts as not written. */
const VERIFY_ATTEMPTS = 4;

/** Inputs that no diff shows: the checksum of the code stands for both. */
const unshown: ReadonlySet<string> = new Set(['contentSha256', 'code.upload.content']);

/** One policy in the policies system: `aios:governance:Policy`. Its id is its URI. */
export class Policy implements ResourceHandler {
  /** Another version is another policy, onboarded before what is bound to this one moves, and before this one goes. */
  readonly identity = ['name', 'version', 'releaseTag'];

  check(news: Properties, olds: Properties | undefined): Checked {
    const inputs = completeInputs(news);
    const failures: CheckFailure[] = [];
    const fields = new Fields(inputs, failures);
    checkPolicy(fields, inputs);
    if (olds && failures.length === 0) checkSameContent(fields, inputs, olds);
    return { inputs, failures };
  }

  changes(old: State, news: Properties): Map<string, ChangeKind> {
    const changes = difference(old.inputs, news);
    for (const path of unshown) changes.delete(path);
    const { entries } = old.outputs;
    if (open(news.duplicates) === 'clean' && typeof entries === 'number' && entries > 1)
      changes.set('duplicates', 'update');
    return changes;
  }

  planned(inputs: Properties): Properties {
    return outputsOf(inputs, 1);
  }

  async create(call: Call, inputs: Properties): Promise<{ id: string; outputs: Properties }> {
    const uri = reveal(uriOf(inputs)) as string;
    const { policies } = call.services;
    const wanted = toEntry(inputs, call.urn);
    const entries = await policies.find(call, uri);
    const [stored] = entries;
    // A run that was killed may have begun it, with what was wanted then.
    const isOurs = entries.some((entry) => haveSameContent(entry, wanted) || isMadeBy(call.urn, entry.metadata));
    if (stored && !isOurs && open(inputs.allowContentChange) !== true) {
      throw new UserError(
        `${uri} is onboarded already, with other content (${differingFields(stored, wanted).join(', ')} differ): ` +
          'raise version, import it, or set allowContentChange: true to overwrite it',
      );
    }
    await uploadCode(call, inputs);
    await this.write(call, uri, inputs, entries.length);
    try {
      return { id: uri, outputs: await this.verified(call, uri, inputs) };
    } catch (error) {
      throw new PartialFailure(uri, outputsOf(inputs, 1), error);
    }
  }

  async read(call: Call, id: string, state?: State): Promise<Existing | undefined> {
    const { policies } = call.services;
    const known = state?.inputs ?? completeInputs({});
    const entries = await policies.find(call, id);
    const [stored] = entries;
    if (!stored) {
      if (await policies.isGone(call, id)) return undefined;
      throw policies.service.outageOf(`finds ${id} at one time and not at another`);
    }
    if (entries.length > 1) this.reportDuplicates(call, id, entries.length, known);
    const found = inputsOfEntry(stored, known);
    const inputs = state ? found : completeInputs(found);
    return { id, inputs, outputs: outputsOf(inputs, entries.length) };
  }

  async update(call: Call, old: Existing, inputs: Properties): Promise<Properties> {
    const entries = await call.services.policies.find(call, old.id);
    await uploadCode(call, inputs, old.inputs);
    await this.write(call, old.id, inputs, entries.length);
    return this.verified(call, old.id, inputs);
  }

  async delete(call: Call, { id, inputs }: Existing): Promise<void> {
    const { policies, usage } = call.services;
    const uses = await usage.of(call, id);
    if (uses.length > 0) {
      throw new UserError(
        `${id} is bound: ${uses.join(', ')}. A missing policy denies what asks for it: set the binding to null, or to another policy, first`,
      );
    }
    do {
      if (!(await policies.remove(call, id))) return;
    } while (open(inputs.duplicates) === 'clean' && (await policies.find(call, id)).length > 0);
    const left = (await policies.find(call, id)).length;
    if (left > 0) call.warn(`${id} was stored ${left + 1} times; ${left} are left. duplicates: clean removes all`);
  }

  /** Makes the first entry as wanted. Others of the same name are reported, or removed where the inputs say so. */
  private async write(call: Call, uri: string, inputs: Properties, entries: number): Promise<void> {
    const { policies } = call.services;
    if (entries > 1) this.reportDuplicates(call, uri, entries, inputs);
    const surplus = open(inputs.duplicates) === 'clean' ? entries - 1 : 0;
    for (let i = 0; i < surplus; i++) await policies.remove(call, uri);
    if (entries === 0) await policies.insert(call, toEntry(inputs, call.urn));
    else await policies.replace(call, uri, toEntry(inputs, call.urn));
  }

  private reportDuplicates(call: Call, uri: string, count: number, { duplicates }: Properties): void {
    const cleaned = open(duplicates) === 'clean';
    const consequence = cleaned ? 'removing all but one' : 'set duplicates: clean to keep only one';
    call.warn(`${uri} is stored ${count} times, and the policies system takes any of them: ${consequence}`);
  }

  private async verified(call: Call, uri: string, inputs: Properties): Promise<Properties> {
    const { policies, timing } = call.services;
    const wanted = toEntry(inputs, call.urn);
    let differing: string[] = [];
    for (let look = 1; look <= VERIFY_ATTEMPTS; look++) {
      const entries = await policies.find(call, uri);
      const [stored] = entries;
      differing = stored ? differingFields(stored, wanted) : ['everything'];
      if (differing.length === 0) return outputsOf(inputs, entries.length);
      await pause(timing.settleMs * look, call.signal);
    }
    const message = `${uri} was written and does not read as written: ${differing.join(', ')} differ`;
    throw new ResponseError(message, 200, message);
  }
}

/** What is uploaded is not kept twice in the state. */
function outputsOf(inputs: Properties, entries: number): Properties {
  const code = without(codeOf(inputs), 'upload');
  return { ...without(inputs, 'contentSha256'), code, uri: uriOf(inputs), entries };
}
