/**
 * Finds the function that a pipeline step names: built in, or at the address that its annotations give.
 *
 * The annotations are those of `crossplane render`: runtime `Development`, and a target `host:port` that speaks the
 * functions' protocol over plain gRPC.
 */
import type { Informer } from '../../../support/kubernetes/informer.js';
import { grpcFunction, type GrpcFunction } from '../functions/grpc.js';
import type { RunFunction } from '../functions/protocol.js';
import { ANNOTATION_RUNTIME, ANNOTATION_RUNTIME_TARGET } from '../names.js';
import { builtInFunction } from './catalogue.js';
import type { Package } from './package.js';

export class FunctionDirectory {
  readonly #remote = new Map<string, GrpcFunction>();

  constructor(private readonly functions: Informer<Package>) {}

  /** Throws where there is no such Function, or nothing that could run it. */
  find(name: string): RunFunction {
    const found = this.functions.get({ name });
    if (found === undefined || found.metadata.deletionTimestamp !== undefined) {
      throw new Error(`cannot find an active revision of Function "${name}"`);
    }
    const target = developmentTarget(found);
    const run = target === undefined ? builtInFunction(found.spec.package) : this.#call(target);
    if (run === undefined) {
      throw new Error(`Function "${name}" is not healthy: ${found.spec.package} is not built in`);
    }
    return run;
  }

  close(): void {
    for (const remote of this.#remote.values()) remote.close();
    this.#remote.clear();
  }

  #call(target: string): RunFunction {
    const remote = this.#remote.get(target) ?? grpcFunction(target);
    this.#remote.set(target, remote);
    return remote;
  }
}

/** Where a function under development listens, if the Function says so. */
export function developmentTarget({ metadata: { annotations = {} } }: Package): string | undefined {
  if (annotations[ANNOTATION_RUNTIME] !== 'Development') return undefined;
  return annotations[ANNOTATION_RUNTIME_TARGET] ?? 'localhost:9443';
}
