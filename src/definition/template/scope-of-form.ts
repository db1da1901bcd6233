/** The scope in which templates stand: all of them compose resources of one form. */
import { Construct } from 'constructs';
import type { Form } from '../../model/managed/kind.js';

export abstract class ScopeOfForm extends Construct {
  protected constructor(
    scope: Construct,
    id: string,
    readonly form: Form,
  ) {
    super(scope, id);
  }

  /** The form of what this construct stands in. */
  static formAround(construct: Construct): Form {
    const found = construct.node.scopes.find((scope) => scope instanceof ScopeOfForm);
    if (found === undefined) throw new Error(`${construct.node.path} is in no scope of one form`);
    return found.form;
  }
}
