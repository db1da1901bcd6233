/** A managed policy as stored, with its versions. */
export interface ManagedPolicy {
  readonly name: string;
  readonly path: string;
  readonly id: string;
  readonly arn: string;
  readonly createdAtMs: number;
  readonly updatedAtMs: number;
  readonly description?: string | undefined;
  readonly tags: Readonly<Record<string, string>>;
  readonly versions: readonly PolicyVersion[];
  readonly defaultVersionId: string;
  /** The highest number a version ever had: numbers are not used again. */
  readonly lastVersion?: number;
}

export interface PolicyVersion {
  readonly id: string;
  readonly document: string;
  readonly createdAtMs: number;
}
