/**
 * References between managed resources: beside a field `x`, `xRef` names the resource whose value `x` takes, and
 * `xSelector` finds it. The provider fills `x` in once the other resource has the value.
 */
import { flag, map, object, text } from '../schema.js';

const policy = object('How insistently the provider looks the other resource up.', {
  resolution: text(
    'Required: the resource waits until the reference can be resolved. Optional: it does not.',
    {
      enum: ['Required', 'Optional'],
      default: 'Required',
    },
  ),
  resolve: text(
    'IfNotPresent: looked up once, while the field is empty. Always: at every reconciliation.',
    {
      enum: ['Always', 'IfNotPresent'],
    },
  ),
});

/** `toWhat` completes the sentence "The name of …". */
export function reference(toWhat: string) {
  return object(
    `The name of ${toWhat}.`,
    { name: text('The name of its Kubernetes object.'), policy },
    { required: ['name'] },
  );
}

/** `ofWhat` completes the sentence "Finds …". */
export function selector(ofWhat: string) {
  return object(`Finds ${ofWhat}.`, {
    matchControllerRef: flag('Only a resource of the same composite resource is taken.'),
    matchLabels: map(
      'Only a resource with these labels is taken.',
      text('The value of the label.'),
    ),
    policy,
  });
}

const REFERENCE_FIELD = /(Ref|Selector)$/;

export function isReferenceField(name: string): boolean {
  return REFERENCE_FIELD.test(name);
}
