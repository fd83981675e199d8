/** An object without the fields that were not given: `exactOptionalPropertyTypes` tells "leave it" from "undefined". */
export type Given<T> = { [Key in keyof T]: Exclude<T[Key], undefined> }

export function given<T extends object>(fields: T): Given<T>
export function given(fields: object): object {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined))
}
