export function electronBinary(): string | null
export function desktopCommand(args?: readonly string[]): {
  readonly file: string
  readonly args: string[]
  readonly standIn: boolean
}
