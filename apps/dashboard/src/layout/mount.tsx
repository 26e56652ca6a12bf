import { CSPProvider } from '@base-ui/react/csp-provider'
import { QueryClientProvider } from '@tanstack/react-query'
import { type AnyRouter, RouterProvider } from '@tanstack/react-router'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { queries } from '../api/queries.ts'
import { Toasts } from '../ui/toasts.tsx'

/** Shows these pages in `#app` of the document. */
export function mount(router: AnyRouter): void {
  const app = document.getElementById('app')
  if (!app) throw new Error('The document has no #app')
  createRoot(app).render(
    <StrictMode>
      <CSPProvider disableStyleElements>
        <QueryClientProvider client={queries}>
          <RouterProvider router={router} />
          <Toasts />
        </QueryClientProvider>
      </CSPProvider>
    </StrictMode>,
  )
}
