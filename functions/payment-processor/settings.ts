/** What the function's environment says; a function that is set up wrongly fails when it starts, not at its first payment. */
export interface Settings {
  readonly tableName: string;
  readonly bucketName: string;
  readonly region: string;
  /** For endpoints where a bucket's name is no host name, such as the local AWS. @default false */
  readonly forcePathStyle: boolean;
}

export function readSettings(environment: NodeJS.ProcessEnv): Settings {
  const required = (name: string): string => {
    const value = environment[name];
    if (value === undefined || value === '') throw new Error(`${name} is not set`);
    return value;
  };
  return {
    tableName: required('DYNAMODB_TABLE'),
    bucketName: required('S3_BUCKET'),
    region: required('REGION'),
    forcePathStyle: environment.S3_FORCE_PATH_STYLE === 'true',
  };
}
