// Writes a made-up CSV of mixed columns: node benchmarks/generate-csv.mjs <file> [megabytes = 100].

import { closeSync, existsSync, openSync, statSync, writeSync } from 'node:fs'
import { pathToFileURL } from 'node:url'

const header = 'id,when,price,weight,ratio,score,quantity,visits,city,plan,active,code\n'
const cities = [
  'Berlin',
  'Lyon',
  '北京',
  'São Paulo',
  'Osaka',
  'Leeds',
  '"Washington, DC"',
  'Kraków',
]
const plans = ['free', 'basic', 'pro', 'team', 'enterprise']

/** About `megabytes` · 10⁶ bytes; an existing file of that size is kept. Returns the number of rows. */
export function generateCsv(file, megabytes = 100) {
  const wanted = megabytes * 1e6
  if (existsSync(file) && Math.abs(statSync(file).size - wanted) < wanted * 0.02 + 1e5)
    return undefined
  let state = 42
  const random = () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return state / 4294967296
  }
  const out = openSync(file, 'w')
  let written = 0
  let rows = 0
  let text = header
  while (written < wanted) {
    for (let i = 0; i < 5000; i++) {
      const day = 1 + Math.floor(random() * 28)
      const month = 1 + Math.floor(random() * 12)
      const weight = random() < 0.02 ? '' : (random() * 80).toFixed(3)
      text += `${1000000 + rows},20${10 + Math.floor(random() * 15)}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')},${(random() * 1000).toFixed(2)},${weight},${random().toFixed(6)},${(random() * 20 - 10).toFixed(4)},${Math.floor(random() * 100)},${Math.floor(random() * 10000)},${cities[Math.floor(random() * 8)]},${plans[Math.floor(random() * 5)]},${random() < 0.5},c${Math.floor(random() * 2000)}\n`
      rows++
    }
    const bytes = Buffer.from(text)
    writeSync(out, bytes)
    written += bytes.length
    text = ''
  }
  closeSync(out)
  return rows
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const rows = generateCsv(process.argv[2], Number(process.argv[3] ?? 100))
  console.log(rows === undefined ? 'kept the file that was there' : `${rows} rows`)
}
