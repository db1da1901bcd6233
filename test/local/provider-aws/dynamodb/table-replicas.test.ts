import { describe, expect, test } from '@jest/globals';
import type { TableDescription } from '@aws-sdk/client-dynamodb';
import type {
  ReplicaDetail,
  TableDetail,
} from '../../../../src/local/provider-aws/dynamodb/table-observation.js';
import type {
  ReplicaParameters,
  TableParameters,
} from '../../../../src/local/provider-aws/dynamodb/table-parameters.js';
import {
  nextReplicaChange,
  removalOf,
} from '../../../../src/local/provider-aws/dynamodb/table-replicas.js';

function wanted(replica: readonly ReplicaParameters[], witness?: string): TableParameters {
  return {
    region: 'us-east-1',
    attribute: [{ name: 'id', type: 'S' }],
    hashKey: 'id',
    replica,
    ...(witness !== undefined && { globalTableWitness: { regionName: witness } }),
  };
}

function aReplica(region: string, more: Partial<ReplicaDetail> = {}): ReplicaDetail {
  return { region, status: 'ACTIVE', why: undefined, kmsKeyArn: undefined, ...more };
}

function seen(replicas: readonly ReplicaDetail[], table: TableDescription = {}): TableDetail {
  return { table, replicas, tags: {} };
}

const WEST = { regionName: 'us-west-2' };
const EUROPE = { regionName: 'eu-west-1' };

describe('the replicas of a table', () => {
  test('come one at a time', () => {
    expect(nextReplicaChange(wanted([WEST, EUROPE]), seen([]))).toEqual({
      ReplicaUpdates: [{ Create: { RegionName: 'us-west-2' } }],
    });
  });

  test('go before others come', () => {
    expect(nextReplicaChange(wanted([EUROPE]), seen([aReplica('us-west-2')]))).toEqual({
      ReplicaUpdates: [{ Delete: { RegionName: 'us-west-2' } }],
    });
  });

  test('are left alone when they are the right ones', () => {
    expect(nextReplicaChange(wanted([WEST]), seen([aReplica('us-west-2')]))).toBeUndefined();
  });

  test('of a strong table come together with the witness, in one call', () => {
    const strong = { ...WEST, consistencyMode: 'STRONG' } as const;
    expect(nextReplicaChange(wanted([strong], 'us-east-2'), seen([]))).toEqual({
      MultiRegionConsistency: 'STRONG',
      ReplicaUpdates: [{ Create: { RegionName: 'us-west-2' } }],
      GlobalTableWitnessUpdates: [{ Create: { RegionName: 'us-east-2' } }],
    });
  });

  test('of a strong table go together with the witness', () => {
    const replica = aReplica('us-west-2');
    const table: TableDescription = {
      MultiRegionConsistency: 'STRONG',
      GlobalTableWitnesses: [{ RegionName: 'us-east-2', WitnessStatus: 'ACTIVE' }],
    };
    expect(removalOf(seen([replica], table), replica)).toEqual({
      ReplicaUpdates: [{ Delete: { RegionName: 'us-west-2' } }],
      GlobalTableWitnessUpdates: [{ Delete: { RegionName: 'us-east-2' } }],
    });
  });

  test.each([
    {
      sentence: 'that DynamoDB could not create is reported with its reason',
      replica: aReplica('us-west-2', { status: 'CREATION_FAILED', why: 'no capacity' }),
      ask: WEST,
      says: 'the replica in us-west-2 is CREATION_FAILED: no capacity',
    },
    {
      sentence: 'cannot change from eventual to strong',
      replica: aReplica('us-west-2'),
      ask: { ...WEST, consistencyMode: 'STRONG' as const },
      says: 'the consistency mode of a table cannot be changed',
    },
    {
      sentence: 'cannot change their key',
      replica: aReplica('us-west-2', { kmsKeyArn: 'one' }),
      ask: { ...WEST, kmsKeyArn: 'two' },
      says: 'cannot change its key in place',
    },
  ])('$sentence', ({ replica, ask, says }) => {
    expect(() => nextReplicaChange(wanted([ask]), seen([replica]))).toThrow(says);
  });
});
