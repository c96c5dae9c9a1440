// Nets of pictures in Athanor, from their lists of layers (nets.mjs). Rows become pictures first.

import { add, layers, Module, relu, sequential } from '../../dist/index.js'

function convolution(filters, size, stride, same, normalized) {
  const conv = layers.conv2d({
    filters,
    kernelSize: size,
    strides: stride,
    padding: same ? 'same' : 'valid',
    useBias: !normalized,
  })
  return normalized ? [conv, layers.batchNormalization({ momentum: 0.9, epsilon: 1e-5 })] : [conv]
}

class Chain extends Module {
  constructor(parts) {
    super()
    this.parts = parts
  }

  forward(x) {
    return this.parts.reduce((h, part) => part.forward(h), x)
  }
}

class Block extends Module {
  constructor(filters, stride, changed) {
    super()
    this.first = new Chain(convolution(filters, 3, stride, true, true))
    this.second = new Chain(convolution(filters, 3, 1, true, true))
    this.shortcut = changed ? new Chain(convolution(filters, 1, stride, true, true)) : null
  }

  forward(x) {
    const y = this.second.forward(relu(this.first.forward(x)))
    return relu(add(y, this.shortcut === null ? x : this.shortcut.forward(x)))
  }
}

export function pictureNet(job) {
  let channels = job.picture[2]
  const parts = [layers.reshape({ targetShape: job.picture, inputShape: [job.sizes[0]] })]
  for (const layer of job.layers) {
    if (layer.convolution) {
      const { convolution: filters, size, stride = 1, same, normalized } = layer
      parts.push(...convolution(filters, size, stride, same, normalized))
      channels = filters
      if (layer.relu) parts.push(layers.relu())
    } else if (layer.block) {
      parts.push(
        new Block(layer.block, layer.stride, layer.stride !== 1 || layer.block !== channels),
      )
      channels = layer.block
    } else if (layer.maxPool) parts.push(layers.maxPooling2d({ poolSize: layer.maxPool }))
    else if (layer.globalAverage) parts.push(layers.globalAveragePooling2d())
    else if (layer.flatten) parts.push(layers.flatten())
    else if (layer.dense)
      parts.push(
        layers.dense({ units: layer.dense, ...(layer.relu ? { activation: 'relu' } : {}) }),
      )
  }
  return sequential(parts)
}
