/**
 * Validates claims without a cluster, as the API server would on their creation: schema, unknown fields and the rules in CEL.
 *
 * Runs the local API server's own admission of custom resources on the CRD that Crossplane makes of our definition. What only
 * a cluster knows is not judged: immutable fields, other claims of the same environment, whether images and keys exist.
 */
import { apiVersionOf, CLAIM_API } from '../../model/claim/api.js';
import { FORMS, type Form } from '../../model/managed/kind.js';
import type { KubernetesObject } from '../../support/kubernetes/objects.js';
import { parseApiVersion } from '../../support/kubernetes/objects.js';
import {
  bodyOfFieldError,
  StatusError,
  type FieldError,
} from '../../local/kubernetes/http/status-error.js';
import type { Resource } from '../../local/kubernetes/resources/resource.js';
import { faultOfLabel } from '../../local/kubernetes/resources/names.js';
import { validateMetadata } from '../../local/kubernetes/resources/metadata.js';
import type { JsonObject } from '../../local/kubernetes/json/json.js';
import { claimResource } from '../contract/claim-resource.js';
import { formOf, readDefinition } from '../contract/definition-files.js';
import type { Manifest, ManifestObject, Place } from '../manifests/manifest.js';
import { adviceFor, adviceForUnknown } from './advice.js';

export interface Fault extends Place {
  readonly file: string;
  /** `namespace/name` of the claim; empty where the file is broken. */
  readonly claim: string;
  /** `spec.regions.primary`; empty where the object as a whole is at fault. */
  readonly field: string;
  readonly message: string;
  /** What to do, where the message does not say it. */
  readonly advice?: string;
}

export interface ValidClaim {
  readonly file: string;
  readonly line: number;
  readonly form: Form;
  /** As written. */
  readonly object: KubernetesObject;
  /** As the API server would store it: with the defaults of the schema. */
  readonly defaulted: KubernetesObject;
}

/** An object that is no claim, and none of ours to judge. */
export interface Skipped {
  readonly file: string;
  readonly line: number;
  readonly kind: string;
  readonly name: string;
}

export interface Verdict {
  readonly valid: readonly ValidClaim[];
  readonly faults: readonly Fault[];
  readonly skipped: readonly Skipped[];
}

interface Subject {
  readonly file: string;
  readonly claim: string;
  readonly object: ManifestObject;
}

type Judged = Partial<Record<'valid', ValidClaim> & Record<'skipped', Skipped>> & {
  readonly faults?: readonly Fault[];
};

export async function validateManifests(
  manifests: readonly Manifest[],
  packageDir: string,
): Promise<Verdict> {
  const judge = new Judge(packageDir);
  const judged: Judged[] = [];
  for (const manifest of manifests) judged.push(...(await judge.manifest(manifest)));
  return {
    valid: judged.flatMap(({ valid }) => valid ?? []),
    faults: judged.flatMap(({ faults }) => faults ?? []),
    skipped: judged.flatMap(({ skipped }) => skipped ?? []),
  };
}

class Judge {
  readonly #resources = new Map<Form, Promise<Resource>>();

  constructor(private readonly packageDir: string) {}

  async manifest({ file, objects, faults }: Manifest): Promise<Judged[]> {
    const broken = faults.map((fault): Judged => ({
      faults: [{ file, claim: '', field: '', ...fault, advice: 'mend the YAML' }],
    }));
    const judged: Judged[] = [];
    for (const object of objects) judged.push(await this.#object(file, object));
    return [...broken, ...judged];
  }

  async #object(file: string, object: ManifestObject): Promise<Judged> {
    const { value } = object;
    const { line } = object.placeOf('');
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      return { skipped: { file, line, kind: typeof value, name: '' } };
    }
    const { apiVersion, kind, metadata } = value as Partial<KubernetesObject>;
    const name = [metadata?.namespace, metadata?.name].filter(Boolean).join('/');
    const form = typeof apiVersion === 'string' ? formOf(apiVersion) : undefined;
    if (form !== undefined && kind === kindOf(form)) {
      return this.#claim(form, { file, claim: name, object });
    }
    const mistake = mistakenFor(String(apiVersion), String(kind));
    if (mistake === undefined) return { skipped: { file, line, kind: String(kind), name } };
    return { faults: [{ file, claim: name, ...object.placeOf(mistake.field), ...mistake }] };
  }

  async #claim(form: Form, subject: Subject): Promise<Judged> {
    const { file, object } = subject;
    const resource = await this.#resource(form);
    const read = readBody(resource, object.value as JsonObject);
    if ('refusal' in read) {
      return { faults: [faultAt(subject, 'metadata', read.refusal, undefined)] };
    }
    const unknown = read.unknownFields.map((field) => ({
      ...faultAt(
        subject,
        field,
        'there is no such field',
        adviceForUnknown(field, resource.schema),
      ),
      ...object.placeOfName(field),
    }));
    const errors = [
      ...validateMetadata(resource, read.object),
      ...namespaceFaults(read.object),
      ...resource.validate(read.object, undefined, () => undefined),
    ].filter(({ field }) => field !== undefined);
    const faults = [
      ...unknown,
      ...errors.map((error) =>
        faultAt(
          subject,
          error.field ?? '',
          wordsOf(error),
          adviceFor(error, object.value, resource.schema),
        ),
      ),
    ].sort((a, b) => a.line - b.line || a.column - b.column);
    if (faults.length > 0) return { faults };
    const { line } = object.placeOf('');
    const written = object.value as KubernetesObject;
    return { valid: { file, line, form, object: written, defaulted: read.object } };
  }

  #resource(form: Form): Promise<Resource> {
    let resource = this.#resources.get(form);
    if (resource === undefined) {
      resource = readDefinition(this.packageDir, form).then(({ definition }) =>
        claimResource(definition),
      );
      this.#resources.set(form, resource);
    }
    return resource;
  }
}

function readBody(resource: Resource, body: JsonObject) {
  try {
    return resource.readBody(body);
  } catch (error) {
    if (error instanceof StatusError) return { refusal: error.message };
    throw error;
  }
}

/** A cluster refuses it as a namespace that is not there; here nobody can know which there are, only which there cannot be. */
function namespaceFaults({ metadata: { namespace } }: KubernetesObject): FieldError[] {
  if (namespace === undefined || namespace === '') return [];
  const detail = faultOfLabel(namespace);
  if (detail === undefined) return [];
  return [{ type: 'Invalid', field: 'metadata.namespace', value: namespace, detail }];
}

function faultAt(
  { file, claim, object }: Subject,
  field: string,
  message: string,
  advice: string | undefined,
): Fault {
  const fault = { file, claim, ...object.placeOf(field), field, message };
  return advice === undefined ? fault : { ...fault, advice };
}

/** The API server's words, without the field and the type that stand beside them already. */
function wordsOf(error: FieldError): string {
  const { type, field = '', value, detail = '' } = error;
  const words = detail.replace(`${field} in body `, '');
  if (type === 'Required') return 'is required';
  if (type === 'NotSupported') return `${JSON.stringify(value)} is not one of its values`;
  return words === '' ? bodyOfFieldError(error) : words;
}

function kindOf(form: Form): string {
  const api: { composite: { kind: string }; claim?: { kind: string } } = CLAIM_API[form];
  return (api.claim ?? api.composite).kind;
}

/** What was nearly written as a claim: our kind with another version, or another kind in our groups. */
function mistakenFor(apiVersion: string, kind: string) {
  const { group } = parseApiVersion(apiVersion);
  const isOurGroup = FORMS.some((form) => CLAIM_API[form].group === group);
  if (kind === kindOf('cluster')) {
    const versions = FORMS.map(apiVersionOf).join(' or ');
    return {
      field: 'apiVersion',
      message: `there is no ${apiVersion}`,
      advice: `write ${versions}`,
    };
  }
  if (!isOurGroup) return undefined;
  const advice = `write ${kindOf('cluster')}`;
  return { field: 'kind', message: `a claim's kind is not ${kind}`, advice };
}
