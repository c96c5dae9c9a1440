// The logarithmic codes of telephones (ITU-T G.711): 8 bits for the range of 13 or 14.

/** An A-law byte as a number from −1 to 1. */
export function fromALaw(byte: number): number {
  const code = byte ^ 0x55
  const exponent = (code >> 4) & 7
  const mantissa = code & 15
  const size = exponent === 0 ? mantissa * 16 + 8 : (mantissa * 16 + 264) << (exponent - 1)
  return (code & 0x80 ? size : -size) / 32768
}

/** A µ-law byte as a number from −1 to 1. */
export function fromMuLaw(byte: number): number {
  const code = ~byte & 0xff
  const size = (((code & 15) * 8 + 132) << ((code >> 4) & 7)) - 132
  return (code & 0x80 ? -size : size) / 32768
}
