/** The desk's own sign: a sheet with the round seal on it. */
export function Emblem({ size = 28 }: { readonly size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 32 32" aria-hidden="true" focusable="false">
      <rect x="4" y="2" width="20" height="26" rx="2.5" fill="var(--mantine-color-blue-7)" />
      <path d="M9 9h10M9 13.5h10M9 18h5" stroke="#fff" strokeWidth="1.8" strokeLinecap="round" />
      <circle cx="22" cy="22.5" r="7.5" fill="#fff" />
      <circle cx="22" cy="22.5" r="6" fill="none" stroke="var(--desk-seal)" strokeWidth="1.7" />
      <path
        d="m22 18.9 1.06 2.2 2.4.32-1.75 1.68.43 2.4L22 24.33l-2.14 1.17.43-2.4-1.75-1.68 2.4-.32z"
        fill="var(--desk-seal)"
      />
    </svg>
  )
}
