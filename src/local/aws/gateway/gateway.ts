/**
 * The gateway: what every call to the local AWS passes on its way to a service.
 *
 * Its stations: read the envelope; find region and service (from the signature); meet the fault if that region is down;
 * read the body; authenticate; let the service answer, or give its refusal the service's own form.
 * A gateway serves many addresses: one for all regions, and one for each.
 */
import { randomUUID } from 'node:crypto';
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';

import type { Cloud } from '../cloud.js';
import type { RegionNetwork } from '../faults/region-network.js';
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
import { headOf, readBody, readEnvelope, type Envelope } from './envelope.js';
import { refusal } from './refusals.js';
import { COMMERCIAL_REGIONS, HOME_REGION } from './regions.js';
import { likelyService, serviceOfUnsigned } from './routing.js';
import type { Signature } from './signature.js';

const ANONYMOUS: Principal = { kind: 'anonymous' };
/** Answered by the one control plane in `HOME_REGION`, whatever region signs. */
const HOME_SERVICES: readonly string[] = ['iam'];
/** Served in every region, and by each for any signature's region, as `sts.amazonaws.com` is. */
const UNBOUND_SERVICES: readonly string[] = ['iam', 'sts'];
/**
 * Whose clients, told that a bucket is elsewhere, sign for its region and ask again at the endpoint they were configured with:
 * AWS has sent them to the other region's by then. The call is that region's, and fails where that region is down.
 */
const FOLLOWING_SERVICES: readonly string[] = ['s3'];
const MIB = 1024 * 1024;
const BODY_LIMITS: Readonly<Record<string, number>> = { s3: 128 * MIB };
const DEFAULT_BODY_LIMIT = 16 * MIB;

export interface GatewayParts extends Pick<Cloud, 'clock' | 'clockOf' | 'mishaps' | 'log'> {
  readonly keys: KeyRing;
  readonly network: RegionNetwork;
}

export class Gateway {
  private readonly services: Promise<ReadonlyMap<string, Service>>;
  /** Begins to answer. Calls that came before have waited: addresses open before the services that call each other on them. */
  readonly serve: (services: readonly Service[]) => void;
  /** The calls under way, by the region that answers them. */
  private readonly underWay = new Map<ServerResponse, string>();
  /** The calls that a region which hangs will never answer. */
  private readonly unanswered = new Map<ServerResponse, string>();

  constructor(private readonly parts: GatewayParts) {
    let serve: Gateway['serve'] = () => undefined;
    this.services = new Promise((resolve) => {
      serve = (services) =>
        resolve(new Map(services.map((service) => [service.signingName, service])));
    });
    this.serve = serve;
    parts.network.onChange(() => this.meetOutages());
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
    addressed: string | undefined,
  ): Promise<void> {
    const id = randomUUID();
    let service: Service | undefined;
    let envelope: Envelope = { ...headOf(message), query: [] };
    let request = unreadRequest(id, addressed ?? HOME_REGION, envelope);
    try {
      envelope = readEnvelope(message);
      request = unreadRequest(id, addressed ?? HOME_REGION, envelope);
      const signature = claimedSignature(envelope, likelyService(envelope, request.body));
      const ownRegion = regionFollowed(signature) ?? addressed;
      const region = signature?.scope.region ?? ownRegion ?? HOME_REGION;
      const home = homeOf(signature, ownRegion ?? region);
      if (this.parts.network.outageOf(home) === 'refuse') {
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
      if (this.isLeftUnanswered(response, home)) return;
      if (signature !== undefined) {
        checkRegion(signature, ownRegion);
        const {
          caller,
          body: whole,
          headers,
        } = authenticate(envelope, signature, body, this.parts.keys, this.parts.clockOf(home));
        request = { ...request, caller, body: whole, headers };
      }
      const place = { region: home, service: name };
      const slow = this.parts.mishaps.strikes('slow', place);
      if (slow !== undefined) {
        await this.parts.clock.sleep(slow.atMs);
        // A region that was lost meanwhile does nothing more.
        if (this.isLeftUnanswered(response, home) || !this.parts.network.isUp(home)) return;
      }
      const answer = await service.answer(request);
      if (this.isLeftUnanswered(response, home)) return;
      if (this.parts.mishaps.strikes('loseResponse', place) !== undefined) {
        message.socket.destroy();
        return;
      }
      send(response, id, answer);
    } catch (error) {
      const known = this.explain(error, service, request);
      service ??= (await this.services).get(likelyService(envelope, request.body));
      send(response, id, service?.answerError(known, request) ?? refuseUnknown(known, request));
    } finally {
      this.underWay.delete(response);
    }
  }

  /** Throws the 503 of a region that is down in that manner. */
  private isLeftUnanswered(response: ServerResponse, region: string): boolean {
    const outage = this.parts.network.outageOf(region);
    if (outage === '503') throw unavailable(region);
    if (outage !== 'hang') return false;
    this.unanswered.set(response, region);
    response.once('close', () => this.unanswered.delete(response));
    return true;
  }

  private explain(error: unknown, service: Service | undefined, request: ServiceRequest): AwsError {
    if (error instanceof AwsError) return error;
    const name = service?.signingName ?? 's3';
    this.parts.log.error('call failed', {
      service: name,
      path: request.path,
      error,
      stack: error instanceof Error ? error.stack : undefined,
    });
    return refusal(name, 'internal');
  }

  private meetOutages(): void {
    const { network } = this.parts;
    for (const [response, region] of this.underWay) {
      if (network.outageOf(region) === 'refuse') response.socket?.destroy();
    }
    // Nobody works on them any more: they end as calls do whose server was restarted.
    for (const [response, region] of this.unanswered) {
      if (network.outageOf(region) !== 'hang') response.socket?.destroy();
    }
  }
}

function unavailable(region: string): AwsError {
  const message = `Service is unable to handle request: ${region} is down.`;
  return new AwsError('ServiceUnavailable', message, 503);
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

function regionFollowed(signature: Signature | undefined): string | undefined {
  if (signature === undefined || !FOLLOWING_SERVICES.includes(signature.scope.service))
    return undefined;
  return COMMERCIAL_REGIONS.find((region) => region === signature.scope.region);
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
function refuseUnknown(
  { code, message, status }: AwsError,
  request: ServiceRequest,
): ServiceResponse {
  const isForm = request.headers['content-type']?.startsWith('application/x-www-form-urlencoded');
  if (isForm === true) {
    const error = { Type: 'Sender', Code: code, Message: message };
    const body = writeXml('ErrorResponse', { Error: error, RequestId: request.id });
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
