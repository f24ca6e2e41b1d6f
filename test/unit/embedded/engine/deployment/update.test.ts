import type { ResourceState } from '../../../../../embedded/engine/state/resource-state';
import { Secret, unknown } from '../../../../../embedded/engine/values/value';
import { type Wish, World, emptyState, runProgram, urnOf } from './world';

const a: Wish = { name: 'a', inputs: { size: 1 } };
const b: Wish = {
  name: 'b',
  inputs: { of: 'a' },
  dependencies: [urnOf('a')],
  propertyDependencies: { of: [urnOf('a')] },
};

const find = (resources: ResourceState[], name: string) => resources.filter(({ urn }) => urn === urnOf(name));
const errorsOf = (events: Awaited<ReturnType<typeof runProgram>>['events']) =>
  events.flatMap((event) => (event.type === 'diagnostic' && event.severity === 'error' ? [event.message] : []));

describe('an update', () => {
  it('creates, leaves alone, updates and deletes', async () => {
    const world = new World();
    const first = await runProgram(world, emptyState, [a, b]);
    expect(world.log).toEqual(['create a-', 'create b-']);

    const second = await runProgram(world, first.state, [a, b]);
    expect(world.log).toHaveLength(2);
    expect(second.written).toEqual([]);
    expect(second.changes).toEqual({ same: 3 });

    const third = await runProgram(world, second.state, [{ ...a, inputs: { size: 2 } }]);
    expect(world.log.slice(2)).toEqual(['update a-', 'delete b-']);
    expect(find(third.state.resources, 'b')).toEqual([]);
  });

  it('changes nothing in a preview', async () => {
    const world = new World();
    const { changes, written, state } = await runProgram(world, emptyState, [a, b], { preview: true });
    expect(changes).toEqual({ create: 3 });
    expect(world.log).toEqual([]);
    expect(written).toEqual([]);
    expect(state.resources).toEqual([]);
  });

  it('notes each step in the state before the provider acts, and what it came to afterwards', async () => {
    const world = new World();
    const { written } = await runProgram(world, emptyState, [a]);
    const pending = written.map(({ pending }) =>
      pending.map(({ type, resource }) => [type, resource.urn, resource.outputs]),
    );
    expect(pending).toContainEqual([['creating', urnOf('a'), { token: 'a-' }]]);
    expect(pending.at(-1)).toEqual([]);
  });

  it('lets comparisons under way end before it does, when something else has failed', async () => {
    const world = new World();
    const { state } = await runProgram(world, emptyState, [a, b]);
    let ended = false;
    const compare = world.diff.bind(world);
    world.diff = async (request) => {
      await new Promise(setImmediate);
      ended = true;
      return compare(request);
    };
    const { failed } = await runProgram(world, state, [[{ name: 'c', inputs: { invalid: true } }, a]]);
    expect([failed, ended]).toEqual([true, true]);
  });

  it('creates a replacement before it deletes what it replaces', async () => {
    const world = new World();
    const { state } = await runProgram(world, emptyState, [{ ...a, inputs: { fixed: 1 } }, b]);
    const { changes } = await runProgram(world, state, [{ ...a, inputs: { fixed: 2 } }, b]);
    expect(world.log.slice(2)).toEqual(['create a-2', 'delete a-1']);
    expect(changes).toEqual({ replace: 1, same: 2 });
  });

  it('counts what an earlier run has replaced and left behind', async () => {
    const world = new World();
    const { state } = await runProgram(world, emptyState, [{ ...a, inputs: { fixed: 1 } }]);
    const next = { ...a, inputs: { fixed: 2 } };
    const killed = await runProgram(world, state, [next], { dieAfter: 3 });
    expect(killed.state.resources.filter((resource) => resource.delete)).toHaveLength(1);
    const { changes } = await runProgram(world, killed.state, [next]);
    expect(changes).toEqual({ same: 2, 'delete-replaced': 1 });
  });

  it('deletes first what cannot exist twice, and before it whatever would be replaced with it', async () => {
    const world = new World();
    const exclusive = (fixed: number): Wish => ({ ...a, inputs: { fixed, exclusive: true } });
    const follower: Wish = { ...b, inputs: { fixed: 'a' }, propertyDependencies: { fixed: [urnOf('a')] } };
    const bystander: Wish = { ...b, name: 'c' };
    const { state } = await runProgram(world, emptyState, [exclusive(1), follower, bystander]);
    const { state: after, changes } = await runProgram(world, state, [exclusive(2), follower, bystander]);
    expect(changes).toEqual({ replace: 2, same: 2 });
    expect(world.log.slice(3)).toEqual(['delete b-a', 'delete a-1', 'create a-2', 'create b-a']);
    expect(after.resources.filter((resource) => resource.delete)).toEqual([]);
  });

  it('deletes dependents first', async () => {
    const world = new World();
    const { state } = await runProgram(world, emptyState, [a, b]);
    await runProgram(world, state, []);
    expect(world.log.slice(2)).toEqual(['delete b-', 'delete a-']);
  });

  it('finds a renamed component and its children by the alias of the component alone', async () => {
    const world = new World();
    const group = (name: string, aliases: Wish['aliases'] = []): Wish => ({
      name,
      type: 'world:index:Group',
      custom: false,
      aliases,
    });
    const child = (parent: string): Wish => ({ name: `${parent}-child`, parent: urnOf(parent, 'world:index:Group') });
    const { state } = await runProgram(world, emptyState, [group('old'), child('old')]);
    const renamed = await runProgram(world, state, [group('new', [{ name: 'old' }]), child('new')]);
    expect(world.log).toEqual(['create old-child-']);
    expect(renamed.state.resources.map(({ urn }) => urn.split('::').at(-1))).not.toContain('old-child');
  });

  it('keeps what is protected, and says how to let it go', async () => {
    const world = new World();
    const { state } = await runProgram(world, emptyState, [{ ...a, inputs: { fixed: 1 }, protect: true }]);
    const removed = await runProgram(world, state, []);
    expect(errorsOf(removed.events)).toEqual([expect.stringContaining('protected and cannot be deleted')]);
    const replaced = await runProgram(world, state, [{ ...a, inputs: { fixed: 2 }, protect: true }]);
    expect(errorsOf(replaced.events)).toEqual([expect.stringContaining('marked for protection')]);
    expect([...world.objects.keys()]).toEqual(['a-1']);
  });

  it('passes protection and retention on to the children of a component', async () => {
    const world = new World();
    const group: Wish = { name: 'g', type: 'world:index:Group', custom: false, protect: true, retainOnDelete: true };
    const { state } = await runProgram(world, emptyState, [group, { ...a, parent: urnOf('g', 'world:index:Group') }]);
    const child = state.resources.find(({ urn }) => urn.endsWith('::a'));
    expect(child).toMatchObject({ protect: true, retainOnDelete: true });
  });

  it('forgets what it retains without deleting it', async () => {
    const world = new World();
    const { state } = await runProgram(world, emptyState, [{ ...a, retainOnDelete: true }]);
    const after = await runProgram(world, state, []);
    expect([...world.objects.keys()]).toEqual(['a-']);
    expect(find(after.state.resources, 'a')).toEqual([]);
  });

  it('ignores the changes it is told to ignore', async () => {
    const world = new World();
    const { state } = await runProgram(world, emptyState, [a]);
    const ignored = await runProgram(world, state, [{ ...a, inputs: { size: 9 }, ignoreChanges: ['size'] }]);
    expect(ignored.changes).toEqual({ same: 2 });
  });

  it('refuses a provider whose configuration is known only when another resource is made', async () => {
    const late: Wish = { name: 'late', type: 'pulumi:providers:world', inputs: { url: unknown } };
    const { events } = await runProgram(new World(), emptyState, [late]);
    expect(errorsOf(events)).toEqual([expect.stringContaining('url: is known only when another resource is made')]);
  });

  it('marks the outputs that the program calls secret', async () => {
    const { state } = await runProgram(new World(), emptyState, [{ ...a, additionalSecretOutputs: ['size'] }]);
    expect(find(state.resources, 'a')[0]?.outputs.size).toEqual(new Secret(1));
  });
});

describe('a failure', () => {
  it('is told once, keeps what was reached and stops what has not begun', async () => {
    const world = new World();
    world.failing.set('a', 'before');
    const { events, state, failed } = await runProgram(world, emptyState, [a, b]);
    expect(failed).toBe(true);
    expect(errorsOf(events)).toEqual(['a is not to be had']);
    expect(world.log).toEqual([]);
    expect(state.pending).toEqual([]);
    expect(find(state.resources, 'a')).toEqual([]);
  });

  it('deletes nothing when the program did not run to its end', async () => {
    const world = new World();
    const { state } = await runProgram(world, emptyState, [a, b]);
    await runProgram(world, state, [{ ...a, inputs: { invalid: true } }]);
    expect(world.log.slice(2)).toEqual([]);
  });

  it('of a resource that exists but is not ready is recorded, and mended by the next run', async () => {
    const world = new World();
    world.failing.set('a', 'after');
    const { state } = await runProgram(world, emptyState, [a]);
    expect(find(state.resources, 'a')[0]).toMatchObject({ id: 'a-', initErrors: ['a does not get ready'] });
    const { state: mended } = await runProgram(world, state, [a]);
    expect(world.log).toEqual(['create a-', 'update a-']);
    expect(find(mended.resources, 'a')[0]?.initErrors).toBeUndefined();
  });
});

describe('an interruption', () => {
  it('lets running steps end, records them and begins no other', async () => {
    const world = new World();
    const interrupt = new AbortController();
    let open: () => void = () => undefined;
    world.gates.set('a', new Promise((resolve) => (open = resolve)));
    const running = runProgram(world, emptyState, [a, b], { signal: interrupt.signal });
    interrupt.abort();
    open();
    const { state } = await running;
    expect(find(state.resources, 'b')).toEqual([]);
    const { state: whole } = await runProgram(world, state, [a, b]);
    expect(world.objects.size).toBe(2);
    expect(whole.pending).toEqual([]);
  });

  it('by kill -9 after any write leaves a state from which the next run converges', async () => {
    const next: Wish[] = [{ ...a, inputs: { fixed: 2 } }, { name: 'new', inputs: { size: 1 } }, b];
    for (let dieAfter = 0, completed = false; !completed; dieAfter++) {
      const world = new World();
      const { state: base } = await runProgram(world, emptyState, [
        { ...a, inputs: { fixed: 1 } },
        b,
        { name: 'gone' },
      ]);
      const killed = await runProgram(world, base, next, { dieAfter });
      completed = killed.written.length < dieAfter;
      const { state, failed } = await runProgram(world, killed.state, next);
      expect({ dieAfter, failed }).toEqual({ dieAfter, failed: false });
      expect([...world.objects.keys()].sort()).toEqual(['a-2', 'b-', 'new-']);
      expect(state.pending).toEqual([]);
      expect(state.resources).toHaveLength(4);
    }
  });
});

describe('many resources', () => {
  it('run side by side, but never more than allowed', async () => {
    const world = new World();
    let running = 0;
    let most = 0;
    const create = world.create.bind(world);
    world.create = async (request) => {
      most = Math.max(most, ++running);
      await new Promise((resolve) => setImmediate(resolve));
      running--;
      return create(request);
    };
    const wishes = Array.from({ length: 20 }, (_, i) => ({ name: `n${i}` }));
    await runProgram(world, emptyState, [wishes], { parallel: 4 });
    expect(most).toBe(4);
    expect(world.objects.size).toBe(20);
  });
});
