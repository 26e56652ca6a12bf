// First, so that the token has left the address before anything else runs.
import './token.ts'
import '../app.css'
import { CSPProvider } from '@base-ui/react/csp-provider'
import { QueryClientProvider } from '@tanstack/react-query'
import { RouterProvider } from '@tanstack/react-router'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { queries } from '../api/queries.ts'
import { Toasts } from '../ui/toasts.tsx'
import { sendToken } from './bearer.ts'
import { router } from './router.tsx'

sendToken()

const app = document.getElementById('app')
if (!app) throw new Error('portal.html has no #app')

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
