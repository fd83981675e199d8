/** A field that is only shown can be read and copied from, and looks so. */
export const lookOf = (changeable: boolean) =>
  changeable ? ({} as const) : ({ readOnly: true, variant: 'filled' } as const)
