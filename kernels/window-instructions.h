// The instructions that move windows over pictures, for the tables that treat them all alike.
#pragma once

#define ATHANOR_WINDOW_INSTRUCTIONS(EACH)                \
  EACH(convolution, ConvolutionArguments)                \
  EACH(convolutionInput, ConvolutionInputArguments)      \
  EACH(convolutionFilter, ConvolutionFilterArguments)    \
  EACH(maxPool, MaxPoolArguments)                        \
  EACH(maxPoolGradient, MaxPoolGradientArguments)        \
  EACH(maxPoolPick, MaxPoolPickArguments)                \
  EACH(sumPool, SumPoolArguments)                        \
  EACH(sumPoolGradient, SumPoolGradientArguments)
