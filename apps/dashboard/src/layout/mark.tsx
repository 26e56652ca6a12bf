/** As in `public/icon.svg`, in a colour that the theme decides on. */
export function Mark() {
  return (
    <span className="flex items-center gap-2 font-semibold text-base">
      <svg
        aria-hidden="true"
        viewBox="0 0 24 24"
        className="size-5 fill-none stroke-2 stroke-accent"
        strokeLinecap="round"
        strokeLinejoin="round"
      >
        <path d="M3 14.5a5.5 5.5 0 1 0 5.5-5.5H21M17 5l4 4-4 4" />
        <circle cx="8.5" cy="14.5" r="1.6" className="fill-accent stroke-none" />
      </svg>
      Posthorn
    </span>
  )
}
