// How frames of sound become steps of a net.

export const frontEnds = ['stack', 'convolution'] as const

/** How frames of sound become steps: set side by side, or by two convolutions (`ConvolvedFrames`). */
export type FrontEnd = (typeof frontEnds)[number]
