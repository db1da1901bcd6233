/**
 * A call that AWS refused, in the words that a person reads in condition Synced.
 *
 * The same cause always gives the same words: the request's id, which differs each time, is left out.
 */
interface ServiceFailure {
  readonly name?: string;
  readonly message?: string;
  readonly $metadata?: { readonly httpStatusCode?: number };
}

export class AwsCallError extends Error {
  override readonly name = 'AwsCallError';

  private constructor(
    /** AWS's error code: `ResourceNotFoundException`, `NoSuchBucket`, …; empty where no service answered. */
    readonly code: string,
    /** The HTTP status, or 0 where no service answered. */
    readonly status: number,
    /** AWS's own message. */
    readonly said: string,
    message: string,
    options: ErrorOptions,
  ) {
    super(message, options);
  }

  static of(service: string, operation: string, cause: unknown): AwsCallError {
    const failure = cause as ServiceFailure;
    const call = `operation error ${service}: ${operation}`;
    const said = failure.message ?? 'UnknownError';
    const status = failure.$metadata?.httpStatusCode;
    if (status === undefined) {
      return new AwsCallError('', 0, said, `${call}, request send failed, ${saidOf(cause)}`, {
        cause,
      });
    }
    const code = failure.name ?? 'UnknownError';
    const answer = `https response error StatusCode: ${status}, ${code}: ${said}`;
    return new AwsCallError(code, status, said, `${call}, ${answer}`, { cause });
  }
}

export function isAwsError(error: unknown, ...codes: string[]): error is AwsCallError {
  return error instanceof AwsCallError && codes.includes(error.code);
}

/** `undefined` instead of an error of one of these codes. */
export async function unlessAbsent<T>(
  call: Promise<T>,
  ...codes: string[]
): Promise<T | undefined> {
  try {
    return await call;
  } catch (error) {
    if (isAwsError(error, ...codes)) return undefined;
    throw error;
  }
}

/** Several addresses that were all tried in vain come as an error without a message of its own. */
function saidOf(cause: unknown): string {
  if (cause instanceof AggregateError && cause.message === '') {
    return cause.errors.map((inner) => (inner as Error).message).join('; ');
  }
  return (cause as Error).message;
}
