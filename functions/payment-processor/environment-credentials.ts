/**
 * The function's credentials. The build puts this in place of `@aws-sdk/credential-provider-node` (scripts/build.mjs): Lambda
 * always sets these variables, and the chain that would also ask SSO, STS, files and the network is a fifth of a bundle.
 */
export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

/** Named as the module that it replaces names it. */
export function defaultProvider(): () => Promise<Credentials> {
  return () => {
    const {
      AWS_ACCESS_KEY_ID: accessKeyId,
      AWS_SECRET_ACCESS_KEY: secretAccessKey,
      AWS_SESSION_TOKEN: sessionToken,
    } = process.env;
    if (accessKeyId === undefined || secretAccessKey === undefined) {
      return Promise.reject(new Error('AWS_ACCESS_KEY_ID or AWS_SECRET_ACCESS_KEY is not set'));
    }
    const keys = { accessKeyId, secretAccessKey };
    return Promise.resolve(sessionToken === undefined ? keys : { ...keys, sessionToken });
  };
}
