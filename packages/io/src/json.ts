/** JSON that keeps what JSON.stringify loses: NaN, the infinities and −0. */
export const toJson = (value: unknown): string =>
  JSON.stringify(value, (_, item: unknown) =>
    typeof item === 'number' && (!Number.isFinite(item) || Object.is(item, -0)) ? { $number: numberName(item) } : item,
  );

/** The value that `toJson` wrote. Errors: text that is not JSON. */
export const fromJson = (json: string): unknown =>
  JSON.parse(json, (_, item: unknown) => {
    const name = item !== null && typeof item === 'object' ? (item as { $number?: unknown }).$number : undefined;
    return name === undefined ? item : Number(name);
  });

const numberName = (value: number): string => (value === 0 ? '-0' : String(value));
