/** What `payments-dr pay` does. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { loadSharedConfigFiles } from '@smithy/core/config';
import { findClaim } from '../../claims/observation/find-claim.js';
import type { DeepPartial } from '../../claims/observation/deep-partial.js';
import {
  PaymentRefused,
  RegionalService,
  type AwsAccess,
  type Payment,
} from '../../claims/payment/regional-service.js';
import { traceOf, type Trace } from '../../claims/payment/traces.js';
import type { ClaimStatus } from '../../model/claim/status.js';
import { SITES, type Site } from '../../model/regions.js';
import { systemClock } from '../../support/clock.js';
import { PdrError } from '../../support/errors.js';
import { formatKey, keyOf, type KubernetesObject } from '../../support/kubernetes/objects.js';
import { withCluster, type Cluster } from '../cluster/connection.js';
import type { ClaimOptions } from '../cluster/options.js';
import type { OutputForm } from '../output/forms.js';
import { note, printResult } from '../output/print.js';
import { tableOf } from '../output/table.js';

export interface PayOptions extends ClaimOptions {
  readonly through: string;
  readonly amount: string;
  readonly currency: string;
  readonly transactionId?: string;
  readonly profile?: string;
  /** In seconds. */
  readonly timeout: number;
  readonly output: OutputForm;
}

/** How long a function may take to answer; one that hangs is as good as down. */
const INVOKE_MS = 60_000;

type Services = Readonly<Record<Site, RegionalService>>;

/** @returns the exit code */
export async function pay(name: string, options: PayOptions): Promise<number> {
  const { services, site } = await withCluster(options, async (cluster) => {
    const { claim } = await findClaim(cluster.client, {
      name,
      namespace: cluster.namespace,
      form: options.form,
    });
    const made = servicesOf(claim, await accessTo(cluster, options));
    return { services: made, site: siteOf(options.through, made) };
  });
  const payment: Payment = {
    transaction_id: options.transactionId ?? `test-${name}-${systemClock.now().toString(36)}`,
    amount: options.amount,
    currency: options.currency,
  };
  try {
    const beganMs = systemClock.now();
    const answer = await invoke(services[site], payment);
    const answeredMs = systemClock.now() - beganMs;
    const search = { clock: systemClock, patienceMs: options.timeout * 1000 };
    const traces = await Promise.all(
      SITES.map((each) => traceOf(services[each], payment.transaction_id, search)),
    );
    show(options, { payment, region: services[site].region, answer, answeredMs, traces });
    return traces.every(({ afterMs }) => afterMs !== null) ? 0 : 1;
  } finally {
    for (const each of SITES) services[each].close();
  }
}

async function invoke(service: RegionalService, payment: Payment): Promise<string> {
  try {
    return await service.pay(payment, AbortSignal.timeout(INVOKE_MS));
  } catch (cause) {
    const subject = `${payment.transaction_id} through ${service.region}`;
    if (cause instanceof PaymentRefused) throw refusedAs(cause, subject);
    const detail =
      cause instanceof Error
        ? `${cause.name === 'Error' ? '' : `${cause.name}: `}${cause.message}`
        : String(cause);
    throw new PdrError('PDR1022', { subject, detail });
  }
}

function refusedAs({ statusCode, message, field }: PaymentRefused, subject: string): PdrError {
  const isNamed = field === undefined || message.startsWith(field);
  const detail = `${isNamed ? '' : `${field}: `}${message} (${statusCode})`;
  return new PdrError('PDR1031', { subject, detail });
}

interface Shown {
  readonly payment: Payment;
  readonly region: string;
  readonly answer: string;
  readonly answeredMs: number;
  readonly traces: readonly Trace[];
}

function show(
  { output, timeout }: PayOptions,
  { payment, region, answer, answeredMs, traces }: Shown,
): void {
  const { transaction_id: transactionId, amount, currency } = payment;
  const result = {
    transactionId,
    amount,
    currency,
    through: region,
    answer,
    answeredMs,
    landed: traces,
  };
  printResult(output, result, (isWide) =>
    [
      `${transactionId}: ${amount} ${currency} through ${region}: ${answer} (${answeredMs} ms)`,
      '',
      tableOf(
        ['REGION', 'RECORD', 'AUDIT OBJECT', 'SEEN AFTER', ...(isWide ? ['ERROR'] : [])],
        traces.map(({ region: at, record, auditObject, afterMs, error = '' }) => [
          at,
          record ?? '-',
          auditObject ?? '-',
          afterMs === null ? '-' : `${afterMs} ms`,
          ...(isWide ? [error] : []),
        ]),
      ),
    ].join('\n'),
  );
  for (const { region: at, afterMs, error } of traces) {
    if (afterMs === null)
      note(`not seen in ${at} within ${timeout} s${error === undefined ? '' : `: ${error}`}`);
  }
}

function siteOf(through: string, services: Services): Site {
  const site = SITES.find((each) => each === through || services[each].region === through);
  if (site !== undefined) return site;
  const regions = SITES.map((each) => `${each} (${services[each].region})`).join(' or ');
  throw new PdrError('PDR1006', {
    subject: `--through ${through}`,
    detail: `the claim is in ${regions}`,
  });
}

/** What the claim's own status says that it has. Throws PDR1024 while it does not say it yet. */
function servicesOf(claim: KubernetesObject, access: (region: string) => AwsAccess): Services {
  const status = (claim.status ?? {}) as DeepPartial<ClaimStatus>;
  const serviceOf = (site: Site) => {
    const at = status[site];
    const [region, functionName, bucketName] = [at?.region, at?.function?.name, at?.bucket?.name];
    const tableName = status.table?.name;
    if (
      region === undefined ||
      functionName === undefined ||
      bucketName === undefined ||
      tableName === undefined
    ) {
      throw new PdrError('PDR1024', {
        subject: formatKey(keyOf(claim)),
        detail: `no function, bucket or table in the ${site} region`,
      });
    }
    return new RegionalService(region, { functionName, tableName, bucketName }, access(region));
  };
  return { primary: serviceOf('primary'), secondary: serviceOf('secondary') };
}

/** On the local platform as the profiles say that it wrote, one for each region; their endpoints differ. */
async function accessTo(
  { platformDir }: Cluster,
  { profile }: PayOptions,
): Promise<(region: string) => AwsAccess> {
  const config = platformDir === undefined ? undefined : join(platformDir, 'aws-config');
  if (profile === undefined && config !== undefined && existsSync(config)) {
    const { configFile } = await loadSharedConfigFiles({
      filepath: config,
      configFilepath: config,
    });
    return (region) => {
      const {
        endpoint_url: endpoint,
        aws_access_key_id,
        aws_secret_access_key,
      } = configFile[region] ?? {};
      if (endpoint === undefined)
        throw new PdrError('PDR1012', { subject: `${config} for ${region}` });
      const credentials = {
        accessKeyId: aws_access_key_id ?? '',
        secretAccessKey: aws_secret_access_key ?? '',
      };
      return { endpoint, credentials, forcePathStyle: true };
    };
  }
  // The profile's endpoint counts too, which a client's own `profile` does not reach.
  if (profile !== undefined) process.env.AWS_PROFILE = profile;
  return () => ({});
}
