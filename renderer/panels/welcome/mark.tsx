/** The product's mark: two keyframes and the frames between them. */
export function Mark({ size }: { readonly size: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 32 32" fill="none" aria-hidden>
      <path
        d="M12.5 12v8M16 10.5v11M19.5 12v8"
        stroke="var(--text-faint)"
        strokeWidth="1.75"
        strokeLinecap="round"
      />
      <path d="M5.5 10.5 11 16l-5.5 5.5L0 16z" fill="var(--accent)" />
      <path d="M26.5 10.5 32 16l-5.5 5.5L21 16z" fill="var(--accent)" />
    </svg>
  )
}
