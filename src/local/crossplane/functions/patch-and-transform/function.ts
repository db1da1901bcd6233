/**
 * Patch and transform: composes resources from templates, as Crossplane's function-patch-and-transform does.
 *
 * The engine runs it as a step of a Composition's pipeline. It fills each template by patches from the observed composite,
 * reports back by patches to the desired composite, and says which resources are ready. Promises the real function's
 * results, its surprises included: `MatchInteger` never matches, `%d` of a number shows a mark instead, and any failed
 * transform is fatal for the whole composite.
 */
import { NotFound } from '../field-path.js';
import { type Json, type JsonMap, isMap, toJson } from '../go/value.js';
import type {
  Resource,
  Result,
  RunFunction,
  RunFunctionRequest,
  RunFunctionResponse,
} from '../protocol.js';
import { extractConnectionDetails } from './connection.js';
import { CONNECTION_SECRET, composeConnectionSecret } from './connection-secret.js';
import { demandKind, Document } from './document.js';
import { decodeInput } from './decode-input.js';
import type { Input, Template } from './input.js';
import {
  type Documents,
  applyComposedPatch,
  applyEnvironmentPatch,
  expandPatchSets,
  writesComposedResource,
} from './patch.js';
import { isReady } from './readiness.js';
import { validateInput } from './validate.js';

export const ENVIRONMENT_KEY = 'apiextensions.crossplane.io/environment';
const ENVIRONMENT_TYPE = { apiVersion: 'internal.crossplane.io/v1alpha1', kind: 'Environment' };

/** How long the engine may keep an answer, in seconds. */
const TTL_SECONDS = 60;

export const patchAndTransform: RunFunction = (request) => {
  const results: Result[] = [];
  try {
    const input = decodeInput(request.input);
    explain('invalid Function input', () => {
      validateInput(input);
    });
    return Promise.resolve(new Run(request, input, results).response());
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    results.push({ severity: 'SEVERITY_FATAL', message });
    return Promise.resolve({ ...passedOn(request), desired: request.desired, results });
  }
};

const passedOn = (request: RunFunctionRequest): Pick<RunFunctionResponse, 'meta' | 'context'> => ({
  meta: { tag: request.meta?.tag ?? '', ttlSeconds: TTL_SECONDS },
  ...(request.context === undefined ? {} : { context: request.context }),
});

/** One run: what it was asked, and what it desires so far. */
class Run {
  readonly #composite: Document;
  readonly #desiredComposite: Document;
  readonly #environment: Document;
  readonly #desired: Record<string, Resource>;
  readonly #connectionDetails: Record<string, string>;
  #isWaiting = false;

  constructor(
    private readonly request: RunFunctionRequest,
    private readonly input: Input,
    private readonly results: Result[],
  ) {
    const { observed, desired, context } = request;
    const composite = jsonOf(observed.composite?.resource);
    const { apiVersion = '', kind = '' } = composite;
    this.#composite = new Document(composite);
    this.#desiredComposite = new Document({
      ...copyOf(desired.composite?.resource),
      apiVersion,
      kind,
    });
    this.#environment = new Document(environmentOf(context?.[ENVIRONMENT_KEY]));
    this.#desired = { ...desired.resources };
    this.#connectionDetails = { ...desired.composite?.connectionDetails };
  }

  response(): RunFunctionResponse {
    const templates = this.input.resources.map((template) => ({
      template,
      patches: expandPatchSets(template, this.input.patchSets),
    }));
    this.#patchEnvironment();
    for (const { template, patches } of templates) this.#compose(template, patches);
    this.#composeConnectionSecret();

    const ready = this.#isWaiting ? 'READY_FALSE' : this.request.desired.composite?.ready;
    return {
      ...passedOn(this.request),
      desired: {
        composite: {
          resource: this.#desiredComposite.object,
          connectionDetails: this.#connectionDetails,
          ...(ready === undefined ? {} : { ready }),
        },
        resources: this.#desired,
      },
      results: this.results,
      context: { ...this.request.context, [ENVIRONMENT_KEY]: this.#environment.object },
    };
  }

  #patchEnvironment(): void {
    for (const [i, patch] of (this.input.environment?.patches ?? []).entries()) {
      try {
        applyEnvironmentPatch(patch, this.#documents());
      } catch (cause) {
        const isOptional = (patch.policy?.fromFieldPath ?? 'Optional') === 'Optional';
        if (cause instanceof NotFound && isOptional) continue;
        throw failure(
          `cannot apply the "${patch.type}" environment patch at index ${String(i)}`,
          cause,
        );
      }
    }
  }

  #compose(template: Template, patches: Template['patches']): void {
    const observed = this.request.observed.resources[template.name];
    const desired = new Document(this.#base(template));
    let ready: Resource['ready'] = 'READY_UNSPECIFIED';
    if (observed !== undefined) {
      identify(desired.object, jsonOf(observed.resource));
      this.#collectConnectionDetails(template, observed);
      if (this.#isReady(template, observed)) ready = 'READY_TRUE';
    }
    if (this.#applyPatches(template, patches, desired, observed)) {
      this.#desired[template.name] = { resource: desired.object, ready };
    }
  }

  /** A template without a base patches the resource that a function before this one desires under its name. */
  #base(template: Template): JsonMap {
    if (template.base === undefined) {
      const before = this.#desired[template.name];
      if (before !== undefined) return copyOf(before.resource);
      throw new Error(
        `composed resource "${template.name}" has no base template, and was not produced by a previous Function in the pipeline`,
      );
    }
    return explain(`cannot parse base template of composed resource "${template.name}"`, () =>
      parseBase(toJson(template.base ?? null)),
    );
  }

  /** False if the resource has to wait for a required field, which holds back only one that does not exist yet. */
  #applyPatches(
    template: Template,
    patches: Template['patches'],
    desired: Document,
    observed: Resource | undefined,
  ): boolean {
    const documents = {
      ...this.#documents(),
      desired,
      ...(observed === undefined ? {} : { observed: new Document(jsonOf(observed.resource)) }),
    };
    for (const [i, patch] of patches.entries()) {
      try {
        applyComposedPatch(patch, documents);
      } catch (cause) {
        const where = `"${patch.type}" patch at index ${String(i)}`;
        if (!(cause instanceof NotFound)) {
          throw failure(`cannot render composed resource "${template.name}" ${where}`, cause);
        }
        if (patch.policy?.fromFieldPath !== 'Required') continue;
        if (observed === undefined && writesComposedResource(patch)) {
          this.#isWaiting = true;
          this.#warn(
            `not adding new composed resource "${template.name}" to desired state because ${where} has 'policy.fromFieldPath: Required'`,
            cause,
          );
          return false;
        }
        this.#warn(
          `cannot render composed resource "${template.name}" ${where}: ignoring 'policy.fromFieldPath: Required' because 'to' resource already exists`,
          cause,
        );
      }
    }
    return true;
  }

  #collectConnectionDetails(template: Template, observed: Resource): void {
    const details = extractConnectionDetails(
      jsonOf(observed.resource),
      observed.connectionDetails ?? {},
      template.connectionDetails,
    );
    Object.assign(this.#connectionDetails, details);
  }

  #composeConnectionSecret(): void {
    const { writeConnectionSecretToRef: target } = this.input;
    const secret = explain('cannot compose connection secret', () =>
      composeConnectionSecret(this.#composite, this.#connectionDetails, target),
    );
    if (secret !== undefined) this.#desired[CONNECTION_SECRET] = secret;
  }

  #isReady(template: Template, observed: Resource): boolean {
    try {
      return isReady(jsonOf(observed.resource), template.readinessChecks);
    } catch (cause) {
      this.#warn(`cannot check readiness of composed resource "${template.name}"`, cause);
      return false;
    }
  }

  #documents(): Omit<Documents, 'desired'> {
    return {
      composite: this.#composite,
      desiredComposite: this.#desiredComposite,
      environment: this.#environment,
    };
  }

  #warn(what: string, cause: unknown): void {
    this.results.push({ severity: 'SEVERITY_WARNING', message: failure(what, cause).message });
  }
}

function parseBase(base: Json): JsonMap {
  if (isMap(base)) {
    demandKind(base);
    return base;
  }
  const kind = Array.isArray(base) ? 'array' : typeof base === 'boolean' ? 'bool' : typeof base;
  const map = 'Go value of type map[string]interface {}';
  throw new Error(`json: cannot unmarshal ${kind} into ${map}`);
}

/** Runs a part of the function; its failure says `what` failed. */
function explain<T>(what: string, part: () => T): T {
  try {
    return part();
  } catch (cause) {
    throw failure(what, cause);
  }
}

const failure = (what: string, cause: unknown): Error =>
  new Error(`${what}: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });

/** What is observed is only read, so it needs no copy. */
const jsonOf = (resource: Resource['resource'] | undefined): JsonMap => (resource ?? {}) as JsonMap;

const copyOf = (resource: Resource['resource'] | undefined): JsonMap =>
  toJson(jsonOf(resource)) as JsonMap;

function environmentOf(given: unknown): JsonMap {
  const environment = isMap(given) ? copyOf(given) : {};
  if ((environment.kind ?? '') !== '' || (environment.apiVersion ?? '') !== '') return environment;
  return { ...environment, ...ENVIRONMENT_TYPE };
}

/** A resource that exists keeps its name and namespace, whatever its template says. */
function identify(desired: JsonMap, observed: JsonMap): void {
  const from = observed.metadata ?? null;
  for (const field of ['namespace', 'name']) {
    const value = isMap(from) ? from[field] : undefined;
    const metadata = desired.metadata ?? null;
    if (typeof value === 'string' && value !== '') {
      if (isMap(metadata)) metadata[field] = value;
      else if (metadata === null) desired.metadata = { [field]: value };
    } else if (isMap(metadata)) {
      Reflect.deleteProperty(metadata, field);
    }
  }
}
