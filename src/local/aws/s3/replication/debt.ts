/** What a bucket owes another one: a version that is still to be carried there, or new tags of one that is there. */
export interface Debt {
  readonly kind: 'version' | 'tags';
  readonly sourceBucket: string;
  readonly sourceBucketId: string;
  readonly destinationBucket: string;
  readonly ruleId: string;
  readonly key: string;
  readonly versionId: string;
  readonly sizeBytes: number;
  readonly committedAtMs: number;
}

export const debtPrefix = (from: string, to: string) => `debt!${from}!${to}!`;
