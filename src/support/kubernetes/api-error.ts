/** A failure that the API server answered, as its `Status` says it (meta/v1). */
export interface StatusCause {
  readonly reason?: string;
  readonly message?: string;
  /** The path of the field, as in `spec.regions`. */
  readonly field?: string;
}

export interface Status {
  readonly kind: 'Status';
  readonly code?: number;
  readonly reason?: string;
  readonly message?: string;
  readonly details?: {
    readonly name?: string;
    readonly group?: string;
    readonly kind?: string;
    readonly causes?: readonly StatusCause[];
    readonly retryAfterSeconds?: number;
  };
}

export class ApiError extends Error {
  override readonly name = 'ApiError';

  constructor(
    /** The HTTP status. */
    readonly code: number,
    /** `NotFound`, `AlreadyExists`, `Conflict`, `Invalid`, … or `Unknown` where the answer was no `Status`. */
    readonly reason: string,
    message: string,
    readonly status?: Status,
  ) {
    super(message);
  }

  get causes(): readonly StatusCause[] {
    return this.status?.details?.causes ?? [];
  }

  /** The error in an HTTP answer; whatever the body is, something readable comes of it. */
  static of(code: number, body: string): ApiError {
    const status = parseStatus(body);
    if (status === undefined) return new ApiError(code, 'Unknown', body.trim() || `HTTP ${code}`);
    return new ApiError(code, status.reason ?? 'Unknown', status.message ?? `HTTP ${code}`, status);
  }
}

export function isApiError(error: unknown, ...reasons: string[]): error is ApiError {
  return error instanceof ApiError && (reasons.length === 0 || reasons.includes(error.reason));
}

function parseStatus(body: string): Status | undefined {
  try {
    const parsed = JSON.parse(body) as Partial<Status> | null;
    return parsed?.kind === 'Status' ? (parsed as Status) : undefined;
  } catch {
    return undefined;
  }
}
