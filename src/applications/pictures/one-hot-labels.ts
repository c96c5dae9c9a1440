// Class numbers as rows with a 1 at the class.

/** [labels, classes] */
export function oneHotLabels(labels: Int32Array, classes: number): Float32Array {
  const out = new Float32Array(labels.length * classes)
  for (let i = 0; i < labels.length; i++) out[i * classes + labels[i]] = 1
  return out
}
