/**
 * The seam between the gateway and the services: what a service is given, and what it answers.
 *
 * The gateway has read the request whole, verified its signature, and found its region and caller before a service sees it.
 * A service decides which operation is meant, asks `Cloud.access` whether the caller may, and answers in its own protocol.
 */

/** Who makes a call. */
export type Principal =
  /** The account's root user, or the administrator whose keys this platform hands out: allowed everything. */
  | { readonly kind: 'root'; readonly accountId: string; readonly arn: string }
  /** A session of a role (STS AssumeRole). `arn` is the session's, `roleArn` the role's. */
  | {
      readonly kind: 'role';
      readonly accountId: string;
      readonly arn: string;
      readonly roleArn: string;
      /** The role's unique id: a role made anew under the same name is another one. */
      readonly roleId?: string;
      /** Policies given with the session (JSON): it may do only what these allow too. */
      readonly sessionPolicies?: readonly string[];
      /** The ARN of the identity provider whose token opened the session. */
      readonly federatedBy?: string;
    }
  /** The holder of an identity provider's token, on the way to become a role. `provider` is its ARN. */
  | {
      readonly kind: 'federated';
      readonly accountId: string;
      readonly provider: string;
      /** As `aws:userid` has it: provider, audience and subject. */
      readonly user: string;
    }
  /** An AWS service acting by itself, such as `cloudwatch.amazonaws.com`. */
  | { readonly kind: 'service'; readonly service: string; readonly accountId: string }
  /** No credentials at all. */
  | { readonly kind: 'anonymous' };

export interface ServiceRequest {
  /** Unique; answered as `x-amzn-requestid` (or the service's own header). */
  readonly id: string;
  readonly region: string;
  readonly method: string;
  /** As sent: percent-encoded, without the query. */
  readonly path: string;
  readonly query: URLSearchParams;
  /** Names in lower case; values of repeated headers joined by a comma. */
  readonly headers: Readonly<Record<string, string>>;
  /** The payload; a chunked upload (`aws-chunked`) is already put together. */
  readonly body: Buffer;
  readonly caller: Principal;
}

export interface ServiceResponse {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Buffer | string;
}

/** A failure as AWS words it; each service gives it the shape of its own protocol. */
export class AwsError extends Error {
  override readonly name = 'AwsError';

  constructor(
    /** As in the service's API model: `ResourceNotFoundException`, `NoSuchBucket`. */
    readonly code: string,
    message: string,
    /** HTTP status: 4xx blames the sender, 5xx the receiver. */
    readonly status = 400,
    /** Further members of the error's shape. */
    readonly fields: Readonly<Record<string, unknown>> = {},
  ) {
    super(message);
  }
}

export interface Service {
  /** The service in a signature's credential scope: `dynamodb`, `s3`, `monitoring`. */
  readonly signingName: string;
  /** Throws `AwsError` for every refusal; anything else thrown becomes an internal failure (500). */
  answer(request: ServiceRequest): Promise<ServiceResponse>;
  /** The error in the service's protocol. `request` says which (a service may speak several). */
  answerError(error: AwsError, request: ServiceRequest): ServiceResponse;
  /** Stops what the service does in the background, with everything acknowledged stored. */
  close(): Promise<void>;
}
