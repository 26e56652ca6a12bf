// node scripts/compress.mjs <folder>: what `npm start` does after it has built the dashboard, for an image.
import { compressFiles } from './dashboard/compress.mjs'

compressFiles(process.argv[2] ?? '.')
