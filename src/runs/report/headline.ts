// The metric that is quoted first for a finished run.

import type { Manifest } from '../manifest.js'
import type { MetricName } from './report-data.js'

export function headlineFor(manifest: Manifest): MetricName {
  return manifest.settings.metric ?? (manifest.task === 'regression' ? 'r2' : 'accuracy')
}
