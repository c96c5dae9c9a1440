// Batches one step ahead: the next one is prepared while the engine's threads run the present one.

type Result<B> = IteratorResult<B, unknown>

export class BatchesAhead<B> {
  private readonly iterator: Iterator<B> | AsyncIterator<B>
  private coming: Result<B> | Promise<Result<B>> | undefined
  private failed: { readonly error: unknown } | undefined

  constructor(batches: Iterable<B> | AsyncIterable<B>) {
    this.iterator =
      Symbol.asyncIterator in batches
        ? batches[Symbol.asyncIterator]()
        : (batches as Iterable<B>)[Symbol.iterator]()
  }

  first(): Promise<B | undefined> {
    this.prepare()
    return this.next()
  }

  /** The batch prepared last; undefined after the end. A failure to prepare it is thrown here. */
  async next(): Promise<B | undefined> {
    if (this.failed !== undefined) throw this.failed.error
    const { coming } = this
    this.coming = undefined
    const { done, value } = coming instanceof Promise ? await coming : (coming as Result<B>)
    return done === true ? undefined : (value as B)
  }

  /** Prepares the next batch while the step runs. */
  during<T>(step: Promise<T>): Promise<T> {
    this.prepare()
    return step
  }

  /** Gives back what the source holds; a batch prepared and not taken is dropped. */
  async stop(): Promise<void> {
    const { coming } = this
    this.coming = undefined
    try {
      if (coming instanceof Promise) await coming
      await this.iterator.return?.()
    } catch {
      // What went wrong with a batch that nobody wants any more.
    }
  }

  private prepare(): void {
    try {
      this.coming = this.iterator.next()
      // Thrown where it is awaited, which is after the step.
      if (this.coming instanceof Promise) this.coming.catch(() => {})
    } catch (error) {
      this.failed = { error }
    }
  }
}
