/**
 * The gateway: what every call to the local AWS passes on its way to a service.
 *
 * Its stations: read the envelope; find region and service (from the signature); drop the connection if that region is down;
 * read the body; authenticate; let the service answer, or give its refusal the service's own form.
 * A gateway serves many addresses: one for all regions, and one for each.
 */
import { randomUUID } from 'node:crypto';
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';

import type { Clock } from '../../../support/clock.js';
import type { Log } from '../../../support/log.js';
import type { Network } from '../cloud.js';
import type { KeyRing } from '../iam/key-ring.js';
import { writeXml } from '../protocols/xml.js';
import {
  AwsError,
  type Principal,
  type Service,
  type ServiceRequest,
  type ServiceResponse,
} from '../service.js';
import { authenticate, claimedSignature } from './authentication.js';
import { readBody, readEnvelope, type Envelope } from './envelope.js';
import { refusal } from './refusals.js';
import { COMMERCIAL_REGIONS, HOME_REGION } from './regions.js';
import { serviceOfUnsigned } from './routing.js';
import type { Signature } from './signature.js';

const ANONYMOUS: Principal = { kind: 'anonymous' };
/** Answered by the one control plane in `HOME_REGION`, whatever region signs. */
const HOME_SERVICES: readonly string[] = ['iam'];
/** Served in every region, and by each for any signature's region, as `sts.amazonaws.com` is. */
const UNBOUND_SERVICES: readonly string[] = ['iam', 'sts'];
const MIB = 1024 * 1024;
const BODY_LIMITS: Readonly<Record<string, number>> = { s3: 128 * MIB };
const DEFAULT_BODY_LIMIT = 16 * MIB;

export interface GatewayParts {
  readonly keys: KeyRing;
  readonly network: Network;
  readonly clock: Clock;
  readonly log: Log;
}

export class Gateway {
  private readonly services: Promise<ReadonlyMap<string, Service>>;
  /** Begins to answer. Calls that came before have waited: addresses open before the services that call each other on them. */
  readonly serve: (services: readonly Service[]) => void;
  /** The calls under way, by the region that answers them. */
  private readonly underWay = new Map<ServerResponse, string>();

  constructor(private readonly parts: GatewayParts) {
    let serve: Gateway['serve'] = () => undefined;
    this.services = new Promise((resolve) => {
      serve = (services) =>
        resolve(new Map(services.map((service) => [service.signingName, service])));
    });
    this.serve = serve;
    parts.network.onChange(() => this.dropCallsOfLostRegions());
  }

  /** Answers at an address; `ownRegion` is the one it belongs to, undefined for the address of all regions. */
  listenerFor(ownRegion?: string): RequestListener {
    return (message, response) => {
      this.answer(message, response, ownRegion).catch((error: unknown) => {
        // The client went away, or the region went down, in the middle of a call.
        this.parts.log.debug('call not answered', { error });
        message.socket.destroy();
      });
    };
  }

  private async answer(
    message: IncomingMessage,
    response: ServerResponse,
    ownRegion: string | undefined,
  ): Promise<void> {
    const id = randomUUID();
    let service: Service | undefined;
    let request: ServiceRequest | undefined;
    try {
      const envelope = readEnvelope(message);
      request = unreadRequest(id, ownRegion ?? HOME_REGION, envelope);
      const signature = claimedSignature(envelope, serviceOfUnsigned(envelope, request.body));
      const region = signature?.scope.region ?? ownRegion ?? HOME_REGION;
      const home = homeOf(signature, ownRegion ?? region);
      if (!this.parts.network.isUp(home)) {
        message.socket.destroy();
        return;
      }
      this.underWay.set(response, home);
      request = { ...request, region };
      const signingName = signature?.scope.service;
      const limit = BODY_LIMITS[signingName ?? 's3'] ?? DEFAULT_BODY_LIMIT;
      const services = await this.services;
      service = signingName === undefined ? undefined : services.get(signingName);
      const body = await readBody(message, limit);
      const name = signingName ?? serviceOfUnsigned(envelope, body);
      service ??= services.get(name);
      request = { ...request, body };
      if (service === undefined) throw unknownService(name, services);
      if (signature !== undefined) {
        checkRegion(signature, ownRegion);
        const {
          caller,
          body: whole,
          headers,
        } = authenticate(envelope, signature, body, this.parts.keys, this.parts.clock);
        request = { ...request, caller, body: whole, headers };
      }
      send(response, id, await service.answer(request));
    } catch (error) {
      const known = this.explain(error, service, request);
      send(response, id, this.refuse(known, service, request));
    } finally {
      this.underWay.delete(response);
    }
  }

  private explain(
    error: unknown,
    service: Service | undefined,
    request: ServiceRequest | undefined,
  ): AwsError {
    if (error instanceof AwsError) return error;
    const name = service?.signingName ?? 's3';
    this.parts.log.error('call failed', {
      service: name,
      path: request?.path,
      error,
      stack: error instanceof Error ? error.stack : undefined,
    });
    return refusal(name, 'internal');
  }

  private refuse(
    error: AwsError,
    service: Service | undefined,
    request: ServiceRequest | undefined,
  ): ServiceResponse {
    if (service !== undefined && request !== undefined) return service.answerError(error, request);
    return refuseWithoutService(error, request);
  }

  private dropCallsOfLostRegions(): void {
    for (const [response, region] of this.underWay) {
      if (!this.parts.network.isUp(region)) response.socket?.destroy();
    }
  }
}

function unknownService(name: string, services: ReadonlyMap<string, Service>): AwsError {
  const served = [...services.keys()].sort().join(', ');
  return new AwsError(
    'UnsupportedServiceException',
    `The local AWS has no service '${name}'; it serves ${served}.`,
  );
}

/** The region whose loss this call would notice. */
function homeOf(signature: Signature | undefined, region: string): string {
  return signature !== undefined && HOME_SERVICES.includes(signature.scope.service)
    ? HOME_REGION
    : region;
}

function checkRegion(signature: Signature, ownRegion: string | undefined): void {
  const { region, service } = signature.scope;
  if (UNBOUND_SERVICES.includes(service)) return;
  const expected = ownRegion ?? (COMMERCIAL_REGIONS.includes(region) ? region : HOME_REGION);
  if (region === expected) return;
  if (service === 's3') {
    const message = `The authorization header is malformed; the region '${region}' is wrong; expecting '${expected}'`;
    throw new AwsError('AuthorizationHeaderMalformed', message, 400, { Region: expected });
  }
  throw refusal(service, 'scope', 'Credential should be scoped to a valid region.');
}

function unreadRequest(
  id: string,
  region: string,
  { method, path, query, headers }: Envelope,
): ServiceRequest {
  return {
    id,
    region,
    method,
    path,
    query: new URLSearchParams([...query] as [string, string][]),
    headers,
    body: Buffer.alloc(0),
    caller: ANONYMOUS,
  };
}

/** Without a service there is no protocol: the form of the request is the best guess at the one its sender reads. */
function refuseWithoutService(
  { code, message, status }: AwsError,
  request: ServiceRequest | undefined,
): ServiceResponse {
  const isForm = request?.headers['content-type']?.startsWith('application/x-www-form-urlencoded');
  if (isForm === true) {
    const error = { Type: 'Sender', Code: code, Message: message };
    const body = writeXml('ErrorResponse', { Error: error, RequestId: request?.id });
    return { status, headers: { 'content-type': 'text/xml' }, body };
  }
  return {
    status,
    headers: { 'content-type': 'application/json', 'x-amzn-errortype': code },
    body: JSON.stringify({ __type: code, message }),
  };
}

function send(response: ServerResponse, id: string, answer: ServiceResponse): void {
  if (response.destroyed || response.socket === null) return;
  const body = typeof answer.body === 'string' ? Buffer.from(answer.body, 'utf8') : answer.body;
  const isBodiless = answer.status === 204 || answer.status === 304;
  response.writeHead(answer.status, {
    'x-amzn-requestid': id,
    ...(!isBodiless && { 'content-length': String(body?.length ?? 0) }),
    ...answer.headers,
  });
  response.end(body);
}
