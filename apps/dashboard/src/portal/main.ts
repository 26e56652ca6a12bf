// First, so that the token has left the address before anything else runs.
import './token.ts'
import '../app.css'
import { mount } from '../layout/mount.tsx'
import { sendToken } from './bearer.ts'
import { router } from './router.tsx'

sendToken()
mount(router)
