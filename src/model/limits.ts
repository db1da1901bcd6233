/** What AWS allows: the bounds of the claim come from these, never from taste. Source: the service's API reference. */
export const LIMITS = {
  /** CreateFunction: FunctionName. */
  functionNameLength: 64,
  /** CreateRole: RoleName. */
  roleNameLength: 64,
  /** Bucket naming rules, general purpose buckets. */
  bucketNameLength: { min: 3, max: 63 },
  /** CreateTable: TableName. */
  tableNameLength: { min: 3, max: 255 },
  /** CreateTopic: Name. */
  topicNameLength: 256,
  /** PutMetricAlarm: AlarmName. */
  alarmNameLength: 255,
  /** CreateFunction: MemorySize, in MiB. */
  memorySizeMiB: { min: 128, max: 10_240 },
  /** CreateFunction: Timeout, in seconds. */
  timeoutSeconds: { min: 1, max: 900 },
  /** PutMetricAlarm: below an hour, period × evaluation periods is a day at most; from an hour on, seven days. */
  alarmWindowSeconds: { below1h: 86_400, from1h: 604_800 },
  /** PutFunctionEventInvokeConfig: MaximumRetryAttempts. */
  retryAttempts: { min: 0, max: 2 },
  /** PutFunctionEventInvokeConfig: MaximumEventAgeInSeconds. */
  eventAgeSeconds: { min: 60, max: 21_600 },
  /** PutBucketLifecycleConfiguration: NoncurrentDays, DaysAfterInitiation; whole days, 32 bits of them. */
  lifecycleDays: { min: 1, max: 2_147_483_647 },
  /**
   * TagResource of the services used. Three of S3's fifty are the provider's own (crossplane-kind, -name, -providerconfig), one
   * is ours.
   */
  tags: { count: 50, ofProvider: 3, ofClaim: 1, keyLength: 128, valueLength: 256 },
  /** ECR: CreateRepository, repositoryName. */
  repositoryNameLength: { min: 2, max: 256 },
  /** OCI distribution specification: a tag in a reference. ECR itself would take longer ones. */
  imageTagLength: 128,
} as const;
