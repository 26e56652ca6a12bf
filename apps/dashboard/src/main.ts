import './app.css'
import { mount } from './layout/mount.tsx'
import { applyTheme } from './layout/theme.ts'
import { router } from './router.tsx'

applyTheme()
mount(router)
