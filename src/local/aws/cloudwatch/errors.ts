/** The errors of CloudWatch. */
import { AwsError } from '../service.js';

/** The shape of an error in the protocols that name shapes, by its query code. */
export const ERROR_SHAPES: Readonly<Record<string, string>> = {
  InvalidParameterValue: 'InvalidParameterValueException',
  InvalidParameterCombination: 'InvalidParameterCombinationException',
  MissingParameter: 'MissingRequiredParameterException',
  LimitExceeded: 'LimitExceededFault',
  InvalidFormat: 'InvalidFormatFault',
  ValidationError: 'ValidationException',
  InternalFailure: 'InternalServiceFault',
};

export function validationError(message: string): AwsError {
  return new AwsError('ValidationError', message);
}
