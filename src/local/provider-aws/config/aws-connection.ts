/**
 * A connection: SDK clients of every service in every region, with the credentials and endpoints of one ProviderConfig.
 *
 * Clients are made once per service and region. Every failed call comes out as `AwsCallError`, whatever the service.
 */
import { AwsCallError } from '../external/aws-error.js';
import type { Credentials } from './credentials.js';

/** The region that calls of services without one are signed for. */
const GLOBAL_REGION = 'us-east-1';
const CONNECT_TIMEOUT_MS = 3_000;
const ANSWER_TIMEOUT_MS = 15_000;

export interface ConnectionSettings {
  readonly credentials: () => Promise<Credentials>;
  /** The address of a service in a region, or AWS's own. */
  readonly endpointOf: (service: string, region: string) => string | undefined;
  readonly usePathStyle: boolean;
  /** How long an answer may take. @default 15 seconds */
  readonly answerTimeoutMs?: number;
}

interface ClientConfig {
  region: string;
  credentials: () => Promise<Credentials>;
  maxAttempts: number;
  requestHandler: {
    connectionTimeout: number;
    requestTimeout: number;
    throwOnRequestTimeout: boolean;
  };
  endpoint?: string;
  forcePathStyle?: boolean;
  disableS3ExpressSessionAuth?: boolean;
}

interface SdkClient {
  readonly config: { readonly serviceId: string };
  readonly middlewareStack: {
    add(
      middleware: (
        next: (args: never) => Promise<unknown>,
        context: { commandName?: string },
      ) => (args: never) => Promise<unknown>,
      options:
        | { step: 'initialize'; name: string; priority: 'high' }
        | { step: 'finalizeRequest'; name: string; priority: 'low' },
    ): void;
  };
  destroy(): void;
}

type ClientClass<C> = new (config: ClientConfig) => C;

export class AwsConnection {
  readonly #clients = new Map<string, { destroy(): void }>();
  readonly #answers = new Map<string, Promise<unknown>>();
  #isClosed = false;

  constructor(private readonly settings: ConnectionSettings) {}

  /** The client of a service, as in `aws.client('DynamoDB', DynamoDBClient, region)`; an empty region is the global one. */
  client<C extends object>(service: string, Client: ClientClass<C>, region: string): C {
    const at = region === '' ? GLOBAL_REGION : region;
    const key = `${service}/${at}`;
    const known = this.#clients.get(key);
    if (known !== undefined) return known as unknown as C;
    const endpoint = this.settings.endpointOf(service, at);
    const client = new Client({
      region: at,
      credentials: this.settings.credentials,
      maxAttempts: 2,
      requestHandler: {
        connectionTimeout: CONNECT_TIMEOUT_MS,
        requestTimeout: this.settings.answerTimeoutMs ?? ANSWER_TIMEOUT_MS,
        // Without it the SDK only warns, and a region that hangs holds its caller for ever.
        throwOnRequestTimeout: true,
      },
      ...(endpoint === undefined ? {} : { endpoint }),
      ...(service === 'S3' ? { forcePathStyle: this.settings.usePathStyle } : {}),
    });
    const sdkClient = client as unknown as SdkClient;
    nameFailures(service, sdkClient);
    this.#endWithConnection(sdkClient);
    this.#clients.set(key, sdkClient);
    return client;
  }

  /** What does not change while the credentials are the same; a failure is asked again. */
  once<T>(what: string, ask: () => Promise<T>): Promise<T> {
    const known = this.#answers.get(what);
    if (known !== undefined) return known as Promise<T>;
    const answer = ask();
    this.#answers.set(what, answer);
    answer.catch(() => this.#answers.delete(what));
    return answer;
  }

  /** Calls that are under way fail, and so do later ones. */
  close(): void {
    this.#isClosed = true;
    for (const client of this.#clients.values()) client.destroy();
    this.#clients.clear();
  }

  /** Each attempt of a call asks again: the SDK would repeat the one whose socket `close` has taken away. */
  #endWithConnection(client: SdkClient): void {
    client.middlewareStack.add(
      (next) => (args) => {
        if (this.#isClosed) throw new Error('the connection is closed');
        return next(args);
      },
      { step: 'finalizeRequest', name: 'endWithConnection', priority: 'low' },
    );
  }
}

function nameFailures(service: string, client: SdkClient): void {
  client.middlewareStack.add(
    (next, context) => async (args) => {
      try {
        return await next(args);
      } catch (error) {
        if (error instanceof AwsCallError) throw error;
        const operation = (context.commandName ?? '').replace(/Command$/, '');
        throw AwsCallError.of(service, operation, error);
      }
    },
    { step: 'initialize', name: 'nameFailures', priority: 'high' },
  );
}
