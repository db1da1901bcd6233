/**
 * Finds the function that a pipeline step names, by the active revision of its package: built in, or at an endpoint.
 *
 * A Function may be under development; its annotations are then those of `crossplane render`: runtime `Development`, and a
 * target `host:port` that speaks the functions' protocol over plain gRPC. A revision that somebody has given an endpoint is
 * called there with the certificates that real Crossplane would use: those of the Secret `crossplane-tls-client`.
 */
import type { KubernetesClient } from '../../../support/kubernetes/client.js';
import type { Informer } from '../../../support/kubernetes/informer.js';
import { readSecret } from '../connection-secret.js';
import { explained } from '../composites/phase.js';
import { grpcFunction, type GrpcFunction } from '../functions/grpc.js';
import type { FunctionTls } from '../functions/grpc-connection.js';
import type { RunFunction } from '../functions/protocol.js';
import { ANNOTATION_RUNTIME, ANNOTATION_RUNTIME_TARGET } from '../names.js';
import { builtInFunction } from './catalogue.js';
import { LABEL_PACKAGE, type Package, type PackageRevision } from './package.js';

const TLS_SECRET = { namespace: 'crossplane-system', name: 'crossplane-tls-client' };

export class FunctionDirectory {
  readonly #remote = new Map<string, Promise<GrpcFunction>>();

  constructor(
    private readonly functions: Informer<Package>,
    private readonly revisions: Informer<PackageRevision>,
    private readonly client: KubernetesClient,
  ) {}

  /** Throws where there is no such function, or nothing that could run it. */
  find(name: string): RunFunction {
    const active = this.revisions
      .list()
      .find(
        ({ metadata, spec }) =>
          metadata.labels?.[LABEL_PACKAGE] === name && spec.desiredState === 'Active',
      );
    if (active === undefined || active.metadata.deletionTimestamp !== undefined) {
      throw unreachable(
        name,
        'cannot find an active FunctionRevision (a FunctionRevision with spec.desiredState: Active)',
      );
    }
    const run = this.#runnerOf(name, active);
    if (run === undefined) {
      throw unreachable(
        name,
        `cannot determine gRPC target: active FunctionRevision "${active.metadata.name}" has an empty status.endpoint`,
      );
    }
    return (request) => explained(`cannot run Function "${name}"`, run(request));
  }

  close(): void {
    for (const remote of this.#remote.values()) {
      void remote.then(
        (open) => {
          open.close();
        },
        () => undefined,
      );
    }
    this.#remote.clear();
  }

  #runnerOf(name: string, { spec, status }: PackageRevision): RunFunction | undefined {
    const installed = this.functions.get({ name });
    const target = installed === undefined ? undefined : developmentTarget(installed);
    if (target !== undefined) return this.#calling(target, () => Promise.resolve(undefined));
    const builtIn = builtInFunction(spec.image);
    if (builtIn !== undefined) return builtIn;
    const endpoint = status?.endpoint ?? '';
    return endpoint === '' ? undefined : this.#calling(endpoint, () => this.#certificates());
  }

  #calling(target: string, certificates: () => Promise<FunctionTls | undefined>): RunFunction {
    return async (request) => {
      const remote = this.#remote.get(target) ?? this.#connect(target, certificates());
      return (await remote)(request);
    };
  }

  /** Without certificates there is no connection; the next call looks for them again. */
  #connect(target: string, certificates: Promise<FunctionTls | undefined>): Promise<GrpcFunction> {
    const remote = certificates.then((tls) => grpcFunction(target, tls));
    this.#remote.set(target, remote);
    remote.catch(() => this.#remote.delete(target));
    return remote;
  }

  async #certificates(): Promise<FunctionTls> {
    const data = (await readSecret(TLS_SECRET, this.client))?.data ?? {};
    const text = (key: string): string => {
      const value = data[key];
      if (value === undefined) {
        const { namespace, name } = TLS_SECRET;
        throw new Error(
          `cannot load client TLS certificates: Secret "${namespace}/${name}" has no ${key}`,
        );
      }
      return Buffer.from(value, 'base64').toString('utf8');
    };
    return { ca: text('ca.crt'), cert: text('tls.crt'), key: text('tls.key') };
  }
}

function unreachable(name: string, why: string): Error {
  return new Error(`cannot get gRPC client connection for Function "${name}": ${why}`);
}

/** Where a function under development listens, if the Function says so. */
export function developmentTarget({ metadata: { annotations = {} } }: Package): string | undefined {
  if (annotations[ANNOTATION_RUNTIME] !== 'Development') return undefined;
  return annotations[ANNOTATION_RUNTIME_TARGET] ?? 'localhost:9443';
}
