import { send } from './client';
import { policy } from './policies';
import { withNetwork } from './temporary-network';

const uri = '/policy/rule:v0.0.1-stable';
const executor = { executor_id: 'e1', executor_metadata: {}, executor_hardware_info: {} };

it('CONTRACT 40: names the first key that a policy lacks, and drops those that it does not know', async () => {
  await withNetwork({}, async (network) => {
    // JSON has no undefined.
    expect(await send(network.policiesSystem, 'POST', '/policy', policy({ description: undefined }))).toEqual({
      status: 200,
      body: { success: false, message: "'description'" },
    });
    await send(network.policiesSystem, 'POST', '/policy', policy({ color: 'red' }));
    expect((await send(network.policiesSystem, 'GET', uri)).body).toEqual({
      success: true,
      data: { policy_rule_uri: 'rule:v0.0.1-stable', ...policy() },
    });
  });
});

it('CONTRACT 41: changes and deletes the first of duplicates', async () => {
  await withNetwork({}, async (network) => {
    for (const description of ['one', 'two']) {
      await send(network.policiesSystem, 'POST', '/policy', policy({ description }));
    }
    await send(network.policiesSystem, 'PUT', uri, policy({ description: 'changed' }));
    expect(network.policies().map(({ description }) => description)).toEqual(['changed', 'two']);
    await send(network.policiesSystem, 'DELETE', uri);
    expect(network.policies().map(({ description }) => description)).toEqual(['two']);
  });
});

it.each(['GET', 'PUT', 'DELETE'])('CONTRACT 46: answers a %s of what is missing with HTTP 200', async (method) => {
  await withNetwork({}, async (network) => {
    const body = method === 'PUT' ? policy() : undefined;
    const reply = await send(network.policiesSystem, method, uri, body);
    expect(reply).toMatchObject({ status: 200, body: { success: false } });
  });
});

it.each([
  [{ release_tag: 'beta' }, ['b']],
  [{ tags: 'security' }, ['a']],
  [{ tags: { $regex: 'sec' }, version: { $gte: 'v0.0.1' } }, ['a']],
  [{ name: { $in: ['a', 'b'] }, 'policy_parameters.max': { $lt: 5 } }, ['b']],
  [{ $or: [{ name: 'a' }, { missing: { $exists: true } }] }, ['a']],
  [{}, ['a', 'b']],
])('CONTRACT 47: finds policies by the filter %j', async (filter, names) => {
  await withNetwork({}, async (network) => {
    await send(network.policiesSystem, 'POST', '/policy', policy({ name: 'a', tags: ['security'] }));
    const other = policy({ name: 'b', release_tag: 'beta', policy_parameters: { max: 3 } });
    await send(network.policiesSystem, 'POST', '/policy', other);
    const { body } = await send(network.policiesSystem, 'POST', '/policy/query', filter);
    expect((body as { data: { name: string }[] }).data.map(({ name }) => name)).toEqual(names);
  });
});

it('refuses a filter with an unknown operator', async () => {
  await withNetwork({}, async (network) => {
    await send(network.policiesSystem, 'POST', '/policy', policy());
    const { body } = await send(network.policiesSystem, 'POST', '/policy/query', { name: { $near: 1 } });
    expect(body).toEqual({ success: false, message: 'unknown operator: $near' });
  });
});

it('CONTRACT 48: derives the address of an executor, and wants it on PUT', async () => {
  await withNetwork({}, async (network) => {
    expect((await send(network.policiesSystem, 'POST', '/executor', executor)).body).toEqual({
      success: false,
      message: "'cluster_public_ip'",
    });
    await send(network.policiesSystem, 'POST', '/executor', { ...executor, cluster_public_ip: '10.0.0.1' });
    expect(network.executors()).toEqual([
      { ...executor, executor_host_uri: 'http://10.0.0.1:30900', executor_status: 'healthy' },
    ]);
    expect((await send(network.policiesSystem, 'PUT', '/executor/e1', executor)).body).toEqual({
      success: false,
      message: "'executor_host_uri'",
    });
  });
});

it('CONTRACT 51: creates infrastructure from a kubeconfig, which it does not keep', async () => {
  await withNetwork({}, async (network) => {
    const create = (body: unknown) => send(network.policiesSystem, 'POST', '/executor/e1/create-infra', body);
    expect(await create({ cluster_config: {} })).toEqual({
      status: 500,
      body: {
        success: false,
        message: "ExecutorInitializer.__init__() missing 1 required positional argument: 'max_processes'",
      },
    });
    const clusters = [{ cluster: { server: 'https://10.0.0.1:6443' } }];
    const body = { cluster_config: { clusters, users: [{ user: { token: 'secret' } }] }, max_processes: 2 };
    expect(await create(body)).toMatchObject({ body: { success: true } });
    expect(JSON.stringify([network.executors(), network.infrastructure()])).not.toContain('secret');
    expect(network.infrastructure()).toMatchObject([{ deployment: true, service: true, mapping: true }]);
    const removed = await send(network.policiesSystem, 'DELETE', '/executor/e1/remove-infra', body);
    expect(removed).toMatchObject({ status: 200, body: { success: true } });
    expect(network.infrastructure()).toEqual([]);
  });
});

it('CONTRACT 52: half makes infrastructure where Ambassador is missing, and half removes it', async () => {
  await withNetwork({ ambassador: false }, async (network) => {
    const clusters = [{ cluster: { server: 'https://10.0.0.1:6443' } }];
    const ask = async (method: string, action: string) => {
      const body = { cluster_config: { clusters }, max_processes: 2 };
      const reply = await send(network.policiesSystem, method, `/executor/e1/${action}`, body);
      return [reply.status, (reply.body as { message: string }).message.split('\n')[0]];
    };
    await expect(ask('POST', 'create-infra')).resolves.toEqual([500, '(404)']);
    expect(network.infrastructure()).toEqual([expect.objectContaining({ deployment: true, service: true })]);
    expect(network.infrastructure()[0]).not.toHaveProperty('mapping');
    await expect(ask('POST', 'create-infra')).resolves.toEqual([500, '(409)']);
    await expect(ask('DELETE', 'remove-infra')).resolves.toEqual([500, '(404)']);
    expect(network.infrastructure()).toEqual([]);
    await expect(ask('DELETE', 'remove-infra')).resolves.toEqual([500, '(404)']);
  });
});
