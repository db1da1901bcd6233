/** What is kept of one version of an object, or of a delete marker. */
import type { Checksum } from '../checksums.js';

export interface VersionRecord {
  readonly key: string;
  /** `null` for what was written while the bucket had no versioning. */
  readonly versionId: string;
  /** Microseconds since the epoch: of two versions of a key the one with the greater is the newer, in every replica alike. */
  readonly order: number;
  readonly isMarker: boolean;
  readonly modifiedAtMs: number;
  /** Without quotes. Empty for markers. */
  readonly etag: string;
  readonly sizeBytes: number;
  /** In order; one unless the object was uploaded in parts. */
  readonly pieces: readonly Piece[];
  /** Lower-case names: `content-type`, `cache-control` and so on, and `x-amz-meta-*`. */
  readonly headers: Readonly<Record<string, string>>;
  readonly tags: Readonly<Record<string, string>>;
  readonly storageClass: string;
  readonly checksum?: Checksum | undefined;
  readonly encryption?: {
    readonly algorithm: string;
    readonly kmsKeyId?: string | undefined;
    readonly usesBucketKey?: boolean | undefined;
  };
  /** How its replication goes; absent where no rule is about it. */
  readonly replication?: ReplicationState | undefined;
}

export interface Piece {
  readonly bodyId: string;
  readonly sizeBytes: number;
  readonly checksum?: Checksum | undefined;
}

export type ReplicationState =
  | { readonly kind: 'replica' }
  /** The state at each destination bucket. */
  | {
      readonly kind: 'source';
      readonly destinations: Readonly<Record<string, 'PENDING' | 'COMPLETED' | 'FAILED'>>;
    };

export type ReplicationStatus = 'PENDING' | 'COMPLETED' | 'FAILED' | 'REPLICA';

/** As `x-amz-replication-status` says it. With several destinations all must have it for COMPLETED. */
export function replicationStatus({ replication }: VersionRecord): ReplicationStatus | undefined {
  if (replication === undefined) return undefined;
  if (replication.kind === 'replica') return 'REPLICA';
  const states = Object.values(replication.destinations);
  if (states.includes('FAILED')) return 'FAILED';
  return states.includes('PENDING') ? 'PENDING' : 'COMPLETED';
}
