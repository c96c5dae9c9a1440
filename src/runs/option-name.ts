// Names of options in code and on the command line.

/** learningRate → learning-rate */
export function kebab(name: string): string {
  return name.replace(/[A-Z]/g, letter => `-${letter.toLowerCase()}`)
}

/** learning-rate → learningRate */
export function camel(name: string): string {
  return name.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase())
}

/** How the command line calls a setting. */
export function optionName(name: string): string {
  return `--${kebab(name)}`
}
