// How frames of sound become steps of a net.

export const frontEnds = ['stack', 'convolution'] as const
export type FrontEnd = (typeof frontEnds)[number]
