import { isIPv4 } from 'node:net';
import { catalogue, GLOBAL_SERVICES, portOf, schemeOf } from '../../catalogue';
import type { Problem } from '../problems';
import { isRouted } from '../resolve/exposure';
import type { Sections } from '../sections';
import type { Check } from './check';

type Network = Sections['network'];

function hostIsDomain({ exposure, advertisedHost }: Network): Problem[] {
  if (exposure === undefined || !isIPv4(advertisedHost)) return [];
  return [
    {
      path: ['network', 'advertisedHost'],
      value: advertisedHost,
      rule: 'must be a domain where network.exposure is given: services have names in it',
      fix: 'for example advertisedHost: network.example.org, and let *.network.example.org lead to them',
      reads: [['network', 'exposure']],
    },
  ];
}

/** With Cluster a pod sees the address of a node in place of the one that came, on most clusters. */
function policySaid({ allowedSources, externalTrafficPolicy }: Network): Problem[] {
  if (allowedSources === undefined || externalTrafficPolicy !== undefined) return [];
  return [
    {
      path: ['network', 'externalTrafficPolicy'],
      rule: 'is required where network.allowedSources are: by default nodes hand on their own address in place of the source',
      fix: 'set Local, after making sure that advertisedHost leads to nodes that run the pods; Cluster only where the CNI keeps sources (DSR)',
      reads: [['network', 'allowedSources']],
    },
  ];
}

function sourcesSeen({ exposure, allowedSources }: Network): Problem[] {
  const isRoutedOnly = exposure !== undefined && exposure.loadBalancer === undefined;
  if (allowedSources === undefined || !isRoutedOnly) return [];
  return [
    {
      path: ['network', 'allowedSources'],
      rule: 'must be left out with an ingress or a gateway alone: services see it, and not who is behind it',
      fix: 'restrict sources there, for example by network.exposure.ingress.annotations, and name its namespace in network.allowedNamespaces',
      reads: [['network', 'exposure']],
    },
  ];
}

function namespacesMatter({ exposure, allowedSources, allowedNamespaces }: Network): Problem[] {
  const isShut = allowedSources !== undefined || (exposure?.ingress ?? exposure?.gateway) !== undefined;
  if (allowedNamespaces.length === 0 || isShut) return [];
  return [
    {
      path: ['network', 'allowedNamespaces'],
      rule: 'needs network.allowedSources: without them everybody may come already',
      fix: 'name the sources, or remove the namespaces',
      reads: [['network', 'allowedSources']],
    },
  ];
}

/** Clusters are told addresses of services: of what is not HTTP an ingress makes none. */
function addressesTold(network: Network, globalServices: Readonly<Record<string, string>>): Problem[] {
  const { exposure } = network;
  if (exposure === undefined || exposure.loadBalancer !== undefined) return [];
  const lost = Object.entries(GLOBAL_SERVICES).filter(([key, { name }]) => {
    const isThere = isRouted({ scheme: schemeOf(portOf(name)) }, network);
    return !isThere && !(key in globalServices);
  });
  const [first] = lost;
  if (first === undefined) return [];
  const keys = lost.map(([key]) => key).join(', ');
  return [
    {
      path: ['network', 'exposure'],
      rule: `leaves ${catalogue[first[1].name].name} inside the cluster, for it is not HTTP, and other clusters are told to write to it`,
      fix: `add exposure.loadBalancer: {} beside it, or say where it is reached: gateway.globalServices with ${keys}`,
      reads: [['gateway', 'globalServices']],
    },
  ];
}

/** What must hold for how, and by whom, the network is reached. */
export const exposureChecks: Check = ({ sections: { network, gateway } }) => {
  if (network === undefined) return [];
  return [
    ...hostIsDomain(network),
    ...policySaid(network),
    ...sourcesSeen(network),
    ...namespacesMatter(network),
    ...(gateway === undefined ? [] : addressesTold(network, gateway.globalServices)),
  ];
};
