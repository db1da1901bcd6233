/**
 * A wire protocol of AWS: how an operation and its input are read from a request, and how output and errors are written.
 */
import type { AwsError, ServiceRequest, ServiceResponse } from '../service.js';
import type { RawInput } from './input.js';

export type OutputValue =
  | string
  | number
  | boolean
  | Date
  | undefined
  | readonly OutputValue[]
  /** A map of the API model, as against a structure. */
  | ReadonlyMap<string, string>
  | Output;

/** What an operation answers. Members that are `undefined` are left out. */
export interface Output {
  readonly [member: string]: OutputValue;
}

export interface Protocol {
  speaks(request: ServiceRequest): boolean;
  /** Throws `AwsError` where the request cannot be understood. */
  read(request: ServiceRequest): { readonly operation: string; readonly input: RawInput };
  write(operation: string, output: Output, request: ServiceRequest): ServiceResponse;
  writeError(error: AwsError, request: ServiceRequest): ServiceResponse;
}
