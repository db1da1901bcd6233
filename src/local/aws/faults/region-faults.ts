/** The faults that can be switched on: what they do to the network between services, and to the addresses clients call. */
import type { Addresses } from '../gateway/addresses.js';
import type { Faults } from '../server.js';
import type { RegionNetwork } from './region-network.js';

export function createFaults(network: RegionNetwork, addresses: Addresses): Faults {
  return {
    takeDown: async (region) => {
      network.setUp(region, false);
      await addresses.closeRegion(region);
    },
    bringUp: async (region) => {
      await addresses.openRegion(region);
      network.setUp(region, true);
    },
    partition: (one, other) => network.setConnected(one, other, false),
    heal: (one, other) => network.setConnected(one, other, true),
    setLag: (from, to, lagMs) => network.setLag(from, to, lagMs),
  };
}
