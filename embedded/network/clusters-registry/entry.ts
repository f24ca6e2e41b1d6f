import type { Document } from '../store/collection';

/**
 * The entry of an idle cluster without nodes, with every field that the registry asks for.
 * @param config of the cluster; an empty one is dropped by the registry, and the gateway fails on a cluster without config
 */
export function clusterEntry(id: string, config: Document = {}): Document {
  return {
    id,
    regionId: 'region-1',
    nodes: { count: 0, nodeData: [] },
    gpus: { count: 0, memory: 0 },
    vcpus: { count: 0 },
    memory: 0,
    swap: 0,
    storage: { disks: 0, size: 0 },
    network: { interfaces: 0, txBandwidth: 0, rxBandwidth: 0 },
    config,
    tags: [],
    clusterMetadata: {},
    reputation: 0,
  };
}
