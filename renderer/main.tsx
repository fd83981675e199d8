import { createRoot } from 'react-dom/client'
import { App } from './app.tsx'
import { createDesk } from './data/desk.tsx'
import { startTexts } from './texts/i18n.ts'

const root = document.getElementById('root')
if (!root) throw new Error('index.html lacks #root')
startTexts()
createRoot(root).render(<App desk={createDesk(window.desk)} />)
