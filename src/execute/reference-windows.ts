// Convolutions and pooling of the reference executor, straight from their definitions.

import type { TypedArray } from '../base/dtype.js'
import type {
  ConvolutionInstruction,
  FilterGeometry,
  Instruction,
  WindowGeometry,
} from '../compile/program.js'
import type { RegisterOp } from '../graph/opcodes.js'

type Arrays = readonly TypedArray[]
type Kernels<K extends Instruction['kind']> = {
  readonly [Kind in K]: (instruction: Extract<Instruction, { kind: Kind }>, arrays: Arrays) => void
}

/** Each window with the pixels of the picture in it: index of its plane element, of pixel and of element. */
function eachPixel(
  g: WindowGeometry,
  visit: (window: number, pixel: number, element: number) => void,
): void {
  for (let n = 0; n < g.batch; n++)
    for (let y = 0; y < g.outHeight; y++)
      for (let x = 0; x < g.outWidth; x++)
        for (let i = 0; i < g.windowHeight; i++)
          for (let j = 0; j < g.windowWidth; j++) {
            const row = y * g.strideHeight - g.top + i * g.dilationHeight
            const column = x * g.strideWidth - g.left + j * g.dilationWidth
            if (row < 0 || row >= g.height || column < 0 || column >= g.width) continue
            visit(
              (n * g.outHeight + y) * g.outWidth + x,
              (n * g.height + row) * g.width + column,
              i * g.windowWidth + j,
            )
          }
}

/** The products that make up a convolution: elements of x, filter and plane that belong together. */
function eachProduct(
  g: FilterGeometry,
  visit: (picture: number, filter: number, plane: number) => void,
): void {
  const inputs = g.channels / g.groups
  const outputs = g.outputs / g.groups
  eachPixel(g, (window, pixel, element) => {
    for (let o = 0; o < g.outputs; o++) {
      const first = Math.floor(o / outputs) * inputs
      for (let c = 0; c < inputs; c++)
        visit(
          pixel * g.channels + first + c,
          (element * inputs + c) * g.outputs + o,
          window * g.outputs + o,
        )
    }
  })
}

/** Adds in float64 and rounds once. */
function summed(target: TypedArray, length: number, add: (sums: Float64Array) => void): void {
  const sums = new Float64Array(length)
  add(sums)
  for (let i = 0; i < length; i++) target[i] = sums[i]
}

export function runConvolution(
  k: ConvolutionInstruction,
  arrays: Arrays,
  apply: (op: RegisterOp, a: number, b: number, c: number) => number,
): void {
  const [x, filter] = [arrays[k.source], arrays[k.filter]]
  const bias = k.bias === undefined ? null : arrays[k.bias]
  summed(arrays[k.target], k.batch * k.outHeight * k.outWidth * k.outputs, sums => {
    eachProduct(k, (p, f, o) => {
      sums[o] += x[p] * filter[f]
    })
    for (let i = 0; i < sums.length; i++)
      sums[i] = apply(k.activation, sums[i] + (bias === null ? 0 : bias[i % k.outputs]), 0, 0)
  })
}

function maxima(
  g: WindowGeometry,
  x: TypedArray,
  visit: (plane: number, place: number) => void,
): void {
  const places = new Float64Array(g.batch * g.outHeight * g.outWidth * g.channels).fill(-1)
  eachPixel(g, (window, pixel) => {
    for (let c = 0; c < g.channels; c++) {
      const at = window * g.channels + c
      const place = pixel * g.channels + c
      const best = places[at] < 0 ? Number.NEGATIVE_INFINITY : x[places[at]]
      const isFirst = places[at] < 0
      if (isFirst || (!Number.isNaN(best) && (Number.isNaN(x[place]) || x[place] > best)))
        places[at] = place
    }
  })
  places.forEach((place, at) => {
    visit(at, place)
  })
}

function pictureLength(g: WindowGeometry): number {
  return g.batch * g.height * g.width * g.channels
}

export const windowKernels: Kernels<
  | 'convolutionInput'
  | 'convolutionFilter'
  | 'maxPool'
  | 'maxPoolGradient'
  | 'maxPoolPick'
  | 'sumPool'
  | 'sumPoolGradient'
> = {
  convolutionInput: (k, arrays) => {
    const [upstream, filter] = [arrays[k.upstream], arrays[k.filter]]
    summed(arrays[k.target], pictureLength(k), sums => {
      eachProduct(k, (p, f, o) => {
        sums[p] += upstream[o] * filter[f]
      })
    })
  },
  convolutionFilter: (k, arrays) => {
    const [x, upstream] = [arrays[k.source], arrays[k.upstream]]
    const inputs = k.channels / k.groups
    summed(arrays[k.target], k.windowHeight * k.windowWidth * inputs * k.outputs, sums => {
      eachProduct(k, (p, f, o) => {
        sums[f] += x[p] * upstream[o]
      })
    })
  },
  maxPool: (k, arrays) => {
    const x = arrays[k.source]
    maxima(k, x, (at, place) => {
      arrays[k.target][at] = x[place]
    })
  },
  maxPoolGradient: (k, arrays) => {
    summed(arrays[k.target], pictureLength(k), sums => {
      maxima(k, arrays[k.source], (at, place) => {
        sums[place] += arrays[k.upstream][at]
      })
    })
  },
  maxPoolPick: (k, arrays) => {
    maxima(k, arrays[k.source], (at, place) => {
      arrays[k.target][at] = arrays[k.values][place]
    })
  },
  sumPool: (k, arrays) => {
    const x = arrays[k.source]
    summed(arrays[k.target], k.batch * k.outHeight * k.outWidth * k.channels, sums => {
      eachPixel(k, (window, pixel) => {
        for (let c = 0; c < k.channels; c++)
          sums[window * k.channels + c] += x[pixel * k.channels + c]
      })
    })
  },
  sumPoolGradient: (k, arrays) => {
    const upstream = arrays[k.source]
    summed(arrays[k.target], pictureLength(k), sums => {
      eachPixel(k, (window, pixel) => {
        for (let c = 0; c < k.channels; c++)
          sums[pixel * k.channels + c] += upstream[window * k.channels + c]
      })
    })
  },
}
