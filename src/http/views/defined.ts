/** An object type without `undefined` in its optional properties. */
export type Defined<Value> = Value extends readonly unknown[]
  ? Value
  : Value extends object
    ? { [Key in keyof Value]: Defined<Exclude<Value[Key], undefined>> }
    : Value;

/**
 * Takes properties that are `undefined` away, all the way down: Zod writes optional fields as `T | undefined`, the
 * rooms below know only present or absent.
 */
export function defined<Value extends object>(value: Value): Defined<Value> {
  const entries = Object.entries(value).filter(([, field]) => field !== undefined);
  return Object.fromEntries(
    entries.map(([key, field]) => [key, isPlain(field) ? defined(field) : field]),
  ) as Defined<Value>;
}

function isPlain(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
