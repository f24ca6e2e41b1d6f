import { StateWriter } from '../../../../../embedded/engine/state/journal';
import type { ResourceState, StackState } from '../../../../../embedded/engine/state/resource-state';
import { needing, provider, stack, stateWith, thing, urnOf } from './fixtures';

/** A disk whose writes end when told to. */
class Disk {
  readonly writes: StackState[] = [];
  private waiting: { succeed: () => void; fail: (error: Error) => void }[] = [];
  held = false;

  readonly persist = (state: StackState): Promise<void> => {
    this.writes.push(state);
    if (!this.held) return Promise.resolve();
    return new Promise((succeed, fail) => this.waiting.push({ succeed, fail }));
  };

  release(error?: Error): void {
    const waiting = this.waiting.splice(0);
    for (const { succeed, fail } of waiting)
      if (error) fail(error);
      else succeed();
  }

  get last(): StackState | undefined {
    return this.writes.at(-1);
  }
}

const names = (state: StackState | undefined) =>
  state?.resources
    .filter((resource) => resource !== stack && resource !== provider)
    .map(({ id, delete: doomed }) => `${id ?? ''}${doomed ? ' (to be deleted)' : ''}`);
const settled = () => new Promise((resolve) => setImmediate(resolve));

function start(...resources: ResourceState[]) {
  const disk = new Disk();
  return { disk, writer: new StateWriter(stateWith(...resources), disk.persist) };
}

test('a step is on the disk before it begins, and what came of it before it is over', async () => {
  const { disk, writer } = start();
  const resource = thing('a');
  const handle = await writer.begin({ type: 'creating', resource });
  expect(disk.last?.pending).toEqual([{ type: 'creating', resource }]);
  await writer.updatePending(handle, { ...resource, outputs: { trace: 1 } });
  expect(disk.last?.pending[0]?.resource.outputs).toEqual({ trace: 1 });
  await writer.end(handle, { kind: 'put', new: resource });
  expect(disk.last?.pending).toEqual([]);
  expect(names(disk.last)).toEqual(['a']);
});

test('steps that end while a write runs share the next one, and wait for it', async () => {
  const { disk, writer } = start();
  const begin = async (resource: ResourceState) => ({
    resource,
    handle: await writer.begin({ type: 'creating', resource }),
  });
  const [first, ...others] = await Promise.all([begin(thing('a')), begin(thing('b')), begin(thing('c'))]);
  expect(disk.writes).toHaveLength(1);
  disk.held = true;
  const ended: string[] = [];
  const end = async ({ resource, handle }: typeof first) => {
    await writer.end(handle, { kind: 'put', new: resource });
    ended.push(resource.id ?? '');
  };
  const ends = [end(first)];
  await settled();
  ends.push(...others.map(end));
  await settled();
  expect(names(disk.last)).toEqual(['a']);
  disk.release();
  await settled();
  expect(ended).toEqual(['a']);
  expect(names(disk.last)).toEqual(['a', 'b', 'c']);
  disk.release();
  await Promise.all(ends);
  expect(disk.writes).toHaveLength(3);
});

describe('a run that changes nothing', () => {
  test('writes nothing', async () => {
    const { disk, writer } = start(thing('a'), thing('b', needing('a')));
    const [, , a, b] = writer.state.resources as [ResourceState, ResourceState, ResourceState, ResourceState];
    for (const old of [stack, provider, a, b]) writer.put(old, { ...old, modified: 'later' });
    await writer.flush();
    expect(disk.writes).toEqual([]);
  });

  test('writes when only the bookkeeping of a resource changes', async () => {
    const b = thing('b');
    const { disk, writer } = start(thing('a'), b);
    writer.put(b, { ...b, ...needing('a') });
    await writer.flush();
    expect(disk.last?.resources.at(-1)?.dependencies).toEqual([urnOf('a')]);
  });
});

describe('replacements', () => {
  test('create before delete: the new one stands before what needs it, the old one waits for its deletion', async () => {
    const old = thing('a', { id: 'old' });
    const { disk, writer } = start(old, thing('b', needing('a')));
    const handle = await writer.begin({ type: 'creating', resource: thing('a', { id: 'new' }) });
    await writer.end(handle, { kind: 'replace', old, new: thing('a', { id: 'new' }) });
    expect(names(disk.last)).toEqual(['new', 'old (to be deleted)', 'b']);
    const copy = { ...old, delete: true };
    await writer.end(await writer.begin({ type: 'deleting', resource: copy }), { kind: 'drop', old: copy });
    expect(names(disk.last)).toEqual(['new', 'b']);
  });

  test('delete before create: what needs it loses the reference only as long as there is nothing to refer to', async () => {
    const old = thing('a', { id: 'old' });
    const { disk, writer } = start(old, thing('b', needing('a')));
    await writer.end(await writer.begin({ type: 'deleting', resource: old }), { kind: 'drop', old });
    expect(disk.last?.resources.at(-1)?.dependencies).toEqual([]);
    const resource = thing('a', { id: 'new' });
    await writer.end(await writer.begin({ type: 'creating', resource }), { kind: 'put', new: resource });
    expect(names(disk.last)).toEqual(['new', 'b']);
    expect(disk.last?.resources.at(-1)?.dependencies).toEqual([urnOf('a')]);
  });
});

test('whatever order steps end in, a resource stands after all that it needs', async () => {
  const a = thing('a');
  const b = thing('b', needing('a'));
  const c = thing('c', { propertyDependencies: { x: [urnOf('b')] } });
  const { disk, writer } = start(a, b, c);
  for (const old of [c, b, a]) writer.put(old, { ...old, outputs: { refreshed: true } });
  await writer.flush();
  expect(disk.last?.resources.map(({ urn }) => urn)).toEqual([stack, provider, a, b, c].map(({ urn }) => urn));
});

test('references follow a resource that an alias renames', async () => {
  const old = thing('old');
  const { disk, writer } = start(old, thing('b', needing('old')));
  writer.put(old, { ...old, urn: urnOf('new') });
  await writer.flush();
  expect(disk.last?.resources.at(-1)?.dependencies).toEqual([urnOf('new')]);
});

test("children of a resource that is gone become the stack's", async () => {
  const parent = thing('parent');
  const { disk, writer } = start(parent, thing('child', { parent: parent.urn }));
  const handle = await writer.begin({ type: 'deleting', resource: parent });
  await writer.end(handle, { kind: 'drop', old: parent });
  expect(disk.last?.resources.at(-1)).toMatchObject({ id: 'child', parent: stack.urn });
});

test('a failed write fails the step that waited for it; the next write makes up for it', async () => {
  const { disk, writer } = start();
  const first = await writer.begin({ type: 'creating', resource: thing('a') });
  const second = await writer.begin({ type: 'creating', resource: thing('b') });
  disk.held = true;
  const ending = writer.end(first, { kind: 'put', new: thing('a') });
  await settled();
  disk.release(new Error('disk full'));
  await expect(ending).rejects.toThrow('disk full');
  disk.held = false;
  await writer.end(second, { kind: 'put', new: thing('b') });
  expect(names(disk.last)).toEqual(['a', 'b']);
});

test('flush reports what a put could not write', async () => {
  const writer = new StateWriter(stateWith(), () => Promise.reject(new Error('disk full')));
  writer.put(undefined, thing('a'));
  await settled();
  await expect(writer.flush()).rejects.toThrow('disk full');
});

test('a state that the CLI would refuse is written, and reported', async () => {
  const { disk, writer } = start();
  const orphan = thing('a', { provider: `${urnOf('gone', 'pulumi:providers:test')}::1` });
  const handle = await writer.begin({ type: 'creating', resource: orphan });
  await expect(writer.end(handle, { kind: 'put', new: orphan })).rejects.toThrow(/CLI will refuse it: .*gone/);
  expect(names(disk.last)).toEqual(['a']);
});
