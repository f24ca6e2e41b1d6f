import { componentCommands, portOf } from '../../../../embedded/cluster/components';

test('the API server tells its port, and is the only program to listen on one', () => {
  const programs = { directory: '/p', path: (name: string) => `/p/${name}`, stages: ['/p/stages/a.yaml'] };
  const commands = componentCommands(programs, 12345);
  expect(portOf(commands['kube-apiserver'])).toBe(12345);
  expect(commands['kube-apiserver']).toContain('--bind-address=127.0.0.1');
  expect(commands.etcd.filter((argument) => argument.startsWith('--listen'))).toEqual([
    '--listen-client-urls=unix://etcd.sock',
    '--listen-peer-urls=unix://etcd-peer.sock',
  ]);
});
