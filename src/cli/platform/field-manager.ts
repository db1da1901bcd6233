/** Whose the fields are that this command applies (server-side apply). */
export const FIELD_MANAGER = 'payments-dr';
