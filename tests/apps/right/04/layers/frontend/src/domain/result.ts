export interface Failure {
  readonly kind: 'unreachable' | 'unauthorised' | 'invalid' | 'refused';
  readonly message: string;
  readonly fields: Readonly<Record<string, string>>;
}

export type Result<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly failure: Failure };

export const success = <T>(value: T): Result<T> => ({ ok: true, value });

export const failure = (
  kind: Failure['kind'],
  message: string,
  fields: Failure['fields'] = {},
): { ok: false; failure: Failure } => ({ ok: false, failure: { kind, message, fields } });
