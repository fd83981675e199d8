/** Puts the focus where work goes on by itself; never away from an open dialog, nor from a field in which somebody types. */
export function offerFocus(target: HTMLElement | null): void {
  const typing = document.activeElement?.matches('input:not([type=checkbox]):not([type=radio]), textarea') ?? false
  if (!typing && !document.querySelector('[aria-modal="true"]')) target?.focus()
}
