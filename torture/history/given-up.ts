/** An event that Lambda gave up, as the on-failure destination of a region was told of it. */
export interface GivenUp {
  readonly requestId: string;
  /** Whose destination was told. */
  readonly region: string;
  readonly condition: string;
  readonly payload: unknown;
}
