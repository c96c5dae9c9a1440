// Why a file cannot be read, in words.

const words: Readonly<Record<string, string>> = {
  ENOENT: 'no such file',
  ENOTDIR: 'no such file',
  EACCES: 'may not be read',
  EPERM: 'may not be read',
  EISDIR: 'a folder',
}

/** Undefined for errors that are not the file's. */
export function whyUnreadable(error: unknown): string | undefined {
  const { code = '' } = error as NodeJS.ErrnoException
  return Object.hasOwn(words, code) ? words[code] : undefined
}
