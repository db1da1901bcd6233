/**
 * A service made of operations: finds the one a request names, reads its input, lets it run, writes what it says.
 */
import type { AccessRequest, Cloud } from '../cloud.js';
import { AwsError, type Service, type ServiceRequest } from '../service.js';
import { Input, type InputWording } from './input.js';
import type { Output, Protocol } from './protocol.js';

/** An operation of an AWS API. Each lives in a file named after it, or with its small neighbours. */
export interface Operation<Context> {
  readonly name: string;
  /** The parameters it understands; with any other the call is refused. */
  readonly parameters: readonly string[];
  /** Throws `AwsError` for every refusal. */
  run(input: Input, call: Call, context: Context): Promise<Output> | Output;
}

export interface Call {
  readonly request: ServiceRequest;
  readonly region: string;
  readonly cloud: Cloud;
  /** Throws `AwsError` where the caller may not. `resourcePolicy` is the policy on the resource itself, if it has one. */
  authorize(
    action: string,
    resource: string,
    context?: AccessRequest['context'],
    resourcePolicy?: string,
  ): void;
}

export interface OperationServiceParts<Context> {
  readonly signingName: string;
  readonly cloud: Cloud;
  readonly context: Context;
  /** The first that speaks a request's language answers it; the first of all answers what none speaks. */
  readonly protocols: readonly [Protocol, ...Protocol[]];
  readonly wording: InputWording;
  readonly operations: readonly Operation<Context>[];
  /** How a denied call is answered. @default AccessDenied, 403 */
  readonly denial?: { readonly code: string; readonly status: number };
  /** The code for an operation there is not. @default 'InvalidAction' */
  readonly unknownOperationCode?: string;
  close?(): Promise<void>;
}

export function createOperationService<Context>(parts: OperationServiceParts<Context>): Service {
  const { signingName, context, protocols, wording } = parts;
  const operations = new Map(parts.operations.map((operation) => [operation.name, operation]));
  const protocolOf = (request: ServiceRequest) =>
    protocols.find((protocol) => protocol.speaks(request)) ?? protocols[0];
  return {
    signingName,
    answer: async (request) => {
      const protocol = protocolOf(request);
      const { operation: name, input: raw } = protocol.read(request);
      const operation = operations.get(name);
      if (operation === undefined) {
        throw new AwsError(
          parts.unknownOperationCode ?? 'InvalidAction',
          `The local AWS does not support ${signingName}:${name}.`,
        );
      }
      const input = new Input(raw, wording);
      input.allowOnly(operation.parameters);
      const call = callOf(parts, request);
      return protocol.write(name, await operation.run(input, call, context), request);
    },
    answerError: (error, request) => protocolOf(request).writeError(error, request),
    close: () => parts.close?.() ?? Promise.resolve(),
  };
}

function callOf<Context>(
  { cloud, denial }: OperationServiceParts<Context>,
  request: ServiceRequest,
): Call {
  return {
    request,
    region: request.region,
    cloud,
    authorize: (action, resource, context = {}, resourcePolicy) => {
      try {
        const { caller } = request;
        cloud.access.authorize({ caller, action, resource, context, resourcePolicy });
      } catch (error) {
        if (denial === undefined || !(error instanceof AwsError)) throw error;
        throw new AwsError(denial.code, error.message, denial.status);
      }
    },
  };
}
