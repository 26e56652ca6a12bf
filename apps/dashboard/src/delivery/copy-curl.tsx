import { requestOf } from '../api/deliveries.ts'
import { CopyButton } from '../ui/copy.tsx'
import { curlOf } from './curl.ts'

/** For who may read the secret. It is signed when it is asked for, and the page keeps nothing of it. */
export function CopyCurl({ id }: { readonly id: string }) {
  return <CopyButton label="Copy as signed curl" text={async () => curlOf(await requestOf(id))} />
}
