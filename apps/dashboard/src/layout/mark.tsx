export function Mark() {
  return (
    <span className="flex items-center gap-2 font-semibold text-base">
      <img src="/icon.svg" alt="" className="size-5" />
      Posthorn
    </span>
  )
}
