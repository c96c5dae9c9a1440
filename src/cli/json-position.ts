// JSON whose values remember where they stand, so that an error in a configuration file can name its
// line and column (RFC 8259).

export interface Place {
  /** 1-based. */
  readonly line: number
  /** 1-based, in characters. */
  readonly column: number
}

export type JsonNode =
  | {
      readonly kind: 'plain'
      readonly value: string | number | boolean | null
      readonly place: Place
    }
  | { readonly kind: 'array'; readonly items: readonly JsonNode[]; readonly place: Place }
  | { readonly kind: 'object'; readonly fields: readonly JsonField[]; readonly place: Place }

export interface JsonField {
  readonly key: string
  readonly keyPlace: Place
  readonly node: JsonNode
}

export class JsonSyntaxError extends Error {
  constructor(
    message: string,
    readonly place: Place,
  ) {
    super(message)
  }
}

/** Deeper nesting than this is refused. */
const deepest = 100

/**
 * @example
 * ```ts
 * parseJson('{ "epochs": 3 }') // an object whose field 'epochs' stands at line 1, column 13
 * ```
 */
export function parseJson(text: string): JsonNode {
  const parser = new Parser(text.startsWith('\ufeff') ? text.slice(1) : text)
  return parser.whole()
}

/** The plain value; `__proto__` becomes an ordinary field. */
export function plainValue(node: JsonNode): unknown {
  if (node.kind === 'plain') return node.value
  if (node.kind === 'array') return node.items.map(plainValue)
  const object: Record<string, unknown> = {}
  for (const { key, node: value } of node.fields)
    Object.defineProperty(object, key, {
      value: plainValue(value),
      enumerable: true,
      configurable: true,
      writable: true,
    })
  return object
}

class Parser {
  private at = 0

  constructor(private readonly text: string) {}

  whole(): JsonNode {
    const node = this.value(0)
    this.space()
    if (this.at < this.text.length) this.fail('the end of the file')
    return node
  }

  private value(depth: number): JsonNode {
    this.space()
    if (depth > deepest) this.fail('less nesting')
    const place = this.place()
    const character = this.text[this.at]
    if (character === '{') return { kind: 'object', fields: this.fields(depth), place }
    if (character === '[') return { kind: 'array', items: this.items(depth), place }
    if (character === '"') return { kind: 'plain', value: this.string(), place }
    for (const [word, value] of words)
      if (this.text.startsWith(word, this.at)) {
        this.at += word.length
        return { kind: 'plain', value, place }
      }
    const number = /^-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?/.exec(
      this.text.slice(this.at, this.at + 400),
    )
    if (number === null) return this.fail('a value')
    this.at += number[0].length
    return { kind: 'plain', value: Number(number[0]), place }
  }

  private fields(depth: number): JsonField[] {
    const fields: JsonField[] = []
    const seen = new Set<string>()
    this.at++
    this.space()
    if (this.take('}')) return fields
    for (;;) {
      this.space()
      const keyPlace = this.place()
      if (this.text[this.at] !== '"') this.fail('a name in double quotes')
      const key = this.string()
      if (seen.has(key)) throw new JsonSyntaxError(`'${key}' stands twice`, keyPlace)
      seen.add(key)
      this.space()
      if (!this.take(':')) this.fail("':'")
      fields.push({ key, keyPlace, node: this.value(depth + 1) })
      this.space()
      if (this.take('}')) return fields
      if (!this.take(',')) this.fail("',' or '}'")
    }
  }

  private items(depth: number): JsonNode[] {
    const items: JsonNode[] = []
    this.at++
    this.space()
    if (this.take(']')) return items
    for (;;) {
      items.push(this.value(depth + 1))
      this.space()
      if (this.take(']')) return items
      if (!this.take(',')) this.fail("',' or ']'")
    }
  }

  private string(): string {
    const start = this.at++
    for (; this.at < this.text.length; this.at++) {
      const character = this.text[this.at]
      if (character === '\\') this.at++
      else if (character < ' ') break
      else if (character === '"') {
        const raw = this.text.slice(start, ++this.at)
        try {
          return JSON.parse(raw)
        } catch {
          this.at = start
          this.fail('a text without wrong escapes')
        }
      }
    }
    return this.fail("a closing '\"'")
  }

  private take(character: string): boolean {
    if (this.text[this.at] !== character) return false
    this.at++
    return true
  }

  private space(): void {
    while (/[ \t\r\n]/.test(this.text[this.at] ?? '')) this.at++
  }

  private place(): Place {
    const before = this.text.slice(0, this.at)
    const line = before.split('\n').length
    return { line, column: this.at - before.lastIndexOf('\n') }
  }

  private fail(expected: string): never {
    const found = this.text[this.at]
    throw new JsonSyntaxError(
      `expected ${expected}, found ${found === undefined ? 'the end of the file' : `'${found}'`}`,
      this.place(),
    )
  }
}

const words = [
  ['true', true],
  ['false', false],
  ['null', null],
] as const
