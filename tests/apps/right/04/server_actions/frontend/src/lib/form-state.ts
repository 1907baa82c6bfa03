export type FormState = {
  /** What was typed: React empties a form after its action, and these are put back. */
  typed: Record<string, string>;
  error: string;
  fields: Record<string, string>;
};

export const EMPTY: FormState = { typed: {}, error: '', fields: {} };
