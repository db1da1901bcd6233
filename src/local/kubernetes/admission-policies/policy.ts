/** What admission policies and their bindings say (admissionregistration.k8s.io/v1), once read and defaulted. */
import type { SelectorObject } from '../selectors/object-selector.js';

export interface PolicySpec {
  readonly failurePolicy?: 'Fail' | 'Ignore';
  readonly paramKind?: { readonly apiVersion?: string; readonly kind?: string };
  readonly matchConstraints?: MatchResources;
  readonly matchConditions?: readonly NamedExpression[];
  readonly variables?: readonly NamedExpression[];
  readonly validations?: readonly Validation[];
  readonly auditAnnotations?: readonly AuditAnnotation[];
}

export interface NamedExpression {
  readonly name?: string;
  readonly expression?: string;
}

export interface Validation {
  readonly expression?: string;
  readonly message?: string;
  readonly messageExpression?: string;
  readonly reason?: string;
}

export interface AuditAnnotation {
  readonly key?: string;
  readonly valueExpression?: string;
}

export interface BindingSpec {
  readonly policyName?: string;
  readonly paramRef?: ParamRef;
  readonly matchResources?: MatchResources;
  readonly validationActions?: readonly string[];
}

export interface ParamRef {
  readonly name?: string;
  readonly namespace?: string;
  readonly selector?: SelectorObject;
  readonly parameterNotFoundAction?: string;
}

export interface MatchResources {
  readonly namespaceSelector?: SelectorObject;
  readonly objectSelector?: SelectorObject;
  readonly resourceRules?: readonly ResourceRule[];
  readonly excludeResourceRules?: readonly ResourceRule[];
  readonly matchPolicy?: string;
}

export interface ResourceRule {
  readonly resourceNames?: readonly string[];
  readonly operations?: readonly string[];
  readonly apiGroups?: readonly string[];
  readonly apiVersions?: readonly string[];
  /** Plurals, with subresources as in `pods/status`; `*` is any. */
  readonly resources?: readonly string[];
  readonly scope?: string;
}
