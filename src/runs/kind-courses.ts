// The code of each kind of run, loaded when a run of that kind is made.

import type { AnyOptions } from './any-options.js'
import type { DataSource } from './read-data.js'
import type { RunCourse } from './run-course.js'
import type { RunKind } from './run-kinds.js'
import type { AnyRun } from './run-results.js'
import type { ManifestHead } from './run-session.js'

/** Of any kind; each checks the data and options that it is given. */
type AnyCourse = Pick<RunCourse<DataSource, unknown, ManifestHead, AnyRun>, 'run' | 'suggest'>

type Course = new (options: never) => object

const courses: Readonly<Record<RunKind, () => Promise<Course>>> = {
  table: async () => (await import('./table-run.js')).TableRun,
  pictures: async () => (await import('./pictures/train-pictures.js')).PictureRun,
  text: async () => (await import('./text/text-classifier-run.js')).TextRun,
  languageModel: async () => (await import('./text/language-run.js')).LanguageRun,
  speech: async () => (await import('./speech/train-speech.js')).SpeechCourse,
}

export async function courseOf(kind: RunKind, options: AnyOptions): Promise<AnyCourse> {
  const Class = await courses[kind]()
  return new Class(options as never) as AnyCourse
}
