/**
 * The local AWS: one gateway for all regions and one endpoint per region, all on 127.0.0.1.
 */
import type { Clock } from '../../support/clock.js';
import type { Log } from '../../support/log.js';

export interface AwsServerOptions {
  readonly stateDir: string;
  /** The gateway's port; 0 takes any free one. Region endpoints always take free ones. */
  readonly port: number;
  readonly clock: Clock;
  readonly log: Log;
  /** What an ECR repository's image stands for here: the repository's name → the handler bundle's path. */
  readonly images: ReadonlyMap<string, string>;
}

export interface AwsServer {
  /** Serves every region; the region of a call is the one in its signature. */
  readonly url: string;
  /** One address per region, which refuses connections while that region is down. */
  readonly regionUrls: ReadonlyMap<string, string>;
  /** An AWS shared config file: a profile per region, named after it. */
  readonly awsConfig: string;
  /** The administrator's keys, which all profiles use. */
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
  readonly accountId: string;
  readonly faults: Faults;
  close(): Promise<void>;
}

/** Faults that can be switched on and off while the platform runs. */
export interface Faults {
  /** Takes a region down: its endpoints refuse, its functions stop, nothing replicates from or to it. */
  takeDown(region: string): Promise<void>;
  bringUp(region: string): Promise<void>;
  /** Cuts or restores replication between two regions, both ways. */
  partition(one: string, other: string): void;
  heal(one: string, other: string): void;
  /** How long replication from one region to another takes, in milliseconds. */
  setLag(from: string, to: string, lagMs: number): void;
}
