// Nets of pictures as lists of layers, which each worker builds in its own library, and their products.
//
// { convolution: filters, size, stride?, same?, normalized?, relu? }, { maxPool: size }, { flatten },
// { dense: units, relu? }, { globalAverage }, { block: filters, stride }: two 3 × 3 convolutions, each
// normalised over the batch, beside a shortcut (He et al. 2016; a 1 × 1 convolution where sizes change).

export const leNet = [
  { convolution: 32, size: 3, relu: true },
  { convolution: 64, size: 3, relu: true },
  { maxPool: 2 },
  { flatten: true },
  { dense: 128, relu: true },
  { dense: 10 },
]

const stage = (filters, stride) => [
  { block: filters, stride },
  { block: filters, stride: 1 },
  { block: filters, stride: 1 },
]

export const resNet20 = [
  { convolution: 16, size: 3, same: true, normalized: true, relu: true },
  ...stage(16, 1),
  ...stage(32, 2),
  ...stage(64, 2),
  { globalAverage: true },
  { dense: 10 },
]

/**
 * The matrix products behind a net's forward pass as { rows, depth, columns, parameters }, in order;
 * a convolution's rows are its pixels, its depth the elements of its window.
 */
export function productsOf({ picture, layers, batch }) {
  let [height, width, channels] = picture
  const products = []
  const convolve = (filters, size, stride, same, normalized) => {
    const along = n => (same ? Math.ceil(n / stride) : Math.floor((n - size) / stride) + 1)
    const depth = size * size * channels
    ;[height, width, channels] = [along(height), along(width), filters]
    products.push({
      rows: batch * height * width,
      depth,
      columns: filters,
      parameters: depth * filters + (normalized ? 2 : 1) * filters,
    })
  }
  for (const layer of layers) {
    if (layer.convolution)
      convolve(layer.convolution, layer.size, layer.stride ?? 1, layer.same, layer.normalized)
    else if (layer.block) {
      const before = [height, width, channels]
      convolve(layer.block, 3, layer.stride, true, true)
      convolve(layer.block, 3, 1, true, true)
      const after = [height, width, channels]
      if (before.join() !== after.join()) {
        ;[height, width, channels] = before
        convolve(layer.block, 1, layer.stride, true, true)
      }
    } else if (layer.maxPool)
      [height, width] = [Math.floor(height / layer.maxPool), Math.floor(width / layer.maxPool)]
    else if (layer.globalAverage) [height, width] = [1, 1]
    else if (layer.dense) {
      const depth = height * width * channels
      products.push({
        rows: batch,
        depth,
        columns: layer.dense,
        parameters: (depth + 1) * layer.dense,
      })
      ;[height, width, channels] = [1, 1, layer.dense]
    }
  }
  return products
}
