// Part of decode.cpp, inside its Decoder: the arguments of convolutions and pooling.

inline int64_t pictureLength(const WindowGeometry& g) { return g.batch * g.height * g.width * g.channels; }
inline int64_t planeLength(const WindowGeometry& g, int64_t channels) {
  return g.batch * g.outHeight * g.outWidth * channels;
}
inline int64_t filterLength(const FilterGeometry& g) {
  return g.windowHeight * g.windowWidth * (g.channels / g.groups) * g.outputs;
}

void Decoder::windows(DType& dtype, WindowGeometry& g) {
  constexpr int64_t most = int64_t(1) << 40;
  dtype = floatType();
  int64_t* const sizes[] = {&g.batch, &g.height, &g.width, &g.channels, &g.outHeight, &g.outWidth};
  for (int64_t* const place : sizes) *place = size();
  int64_t* const steps[] = {&g.windowHeight, &g.windowWidth, &g.strideHeight, &g.strideWidth};
  for (int64_t* const place : steps) require((*place = size()) >= 1 && *place <= most);
  int64_t* const before[] = {&g.top, &g.left};
  for (int64_t* const place : before) require((*place = size()) <= most);
  int64_t* const dilations[] = {&g.dilationHeight, &g.dilationWidth};
  for (int64_t* const place : dilations) require((*place = size()) >= 1 && *place <= most);
  product(product(g.batch, g.height, g.width), g.channels);
  product(product(g.batch, g.outHeight, g.outWidth), g.channels);
  auto reach = [&](int64_t count, int64_t stride, int64_t window, int64_t dilation, int64_t length) {
    const int64_t end = product(count, stride);
    const int64_t wide = product(window, dilation);
    require(end <= length + most && wide <= length + most);
  };
  reach(g.outHeight, g.strideHeight, g.windowHeight, g.dilationHeight, g.height);
  reach(g.outWidth, g.strideWidth, g.windowWidth, g.dilationWidth, g.width);
}

void Decoder::filtered(DType& dtype, FilterGeometry& g) {
  windows(dtype, g);
  g.outputs = size();
  g.groups = size();
  // The filter lies in memory, so its size bounds that of the windows.
  require(g.channels >= 1 && g.outputs >= 1);
  require(g.groups >= 1 && g.channels % (g.groups < 1 ? 1 : g.groups) == 0 &&
          g.outputs % (g.groups < 1 ? 1 : g.groups) == 0);
  product(product(g.batch, g.outHeight, g.outWidth), g.outputs);
  product(product(g.windowHeight, g.windowWidth, g.channels), g.outputs);
}

void Decoder::pooled(DType& dtype, WindowGeometry& g, bool ofMaxima) {
  windows(dtype, g);
  require(g.dilationHeight == 1 && g.dilationWidth == 1);
  if (!ofMaxima) return;
  auto holdsSome = [&](int64_t count, int64_t stride, int64_t window, int64_t before, int64_t length) {
    require(count == 0 || (before < window && (count - 1) * stride - before < length));
  };
  holdsSome(g.outHeight, g.strideHeight, g.windowHeight, g.top, g.height);
  holdsSome(g.outWidth, g.strideWidth, g.windowWidth, g.left, g.width);
}

void Decoder::convolution(ConvolutionArguments& a) {
  filtered(a.dtype, a.geometry);
  if (!ok_) return;
  array(&a.source, Use::read, a.dtype, pictureLength(a.geometry));
  array(&a.filter, Use::read, a.dtype, filterLength(a.geometry));
  array(&a.target, Use::write, a.dtype, planeLength(a.geometry, a.geometry.outputs));
  const int32_t bias = word();
  if (ok_ && bias != -1) {
    const BufferRow* const row = arrayOf(&a.bias, Use::read, bias);
    require(row != nullptr && row->dtype == a.dtype && row->length >= a.geometry.outputs);
  }
  a.activation = static_cast<RegisterOp>(word());
  require(operandCount(a.activation) == 1);
}

void Decoder::convolutionInput(ConvolutionInputArguments& a) {
  filtered(a.dtype, a.geometry);
  if (!ok_) return;
  array(&a.upstream, Use::read, a.dtype, planeLength(a.geometry, a.geometry.outputs));
  array(&a.filter, Use::read, a.dtype, filterLength(a.geometry));
  array(&a.target, Use::write, a.dtype, pictureLength(a.geometry));
}

void Decoder::convolutionFilter(ConvolutionFilterArguments& a) {
  filtered(a.dtype, a.geometry);
  if (!ok_) return;
  array(&a.source, Use::read, a.dtype, pictureLength(a.geometry));
  array(&a.upstream, Use::read, a.dtype, planeLength(a.geometry, a.geometry.outputs));
  array(&a.target, Use::write, a.dtype, filterLength(a.geometry));
}

void Decoder::maxPool(MaxPoolArguments& a) {
  pooled(a.dtype, a.geometry, true);
  if (!ok_) return;
  array(&a.source, Use::read, a.dtype, pictureLength(a.geometry));
  array(&a.target, Use::write, a.dtype, planeLength(a.geometry, a.geometry.channels));
}

void Decoder::maxPoolGradient(MaxPoolGradientArguments& a) {
  pooled(a.dtype, a.geometry, true);
  if (!ok_) return;
  array(&a.source, Use::read, a.dtype, pictureLength(a.geometry));
  array(&a.upstream, Use::read, a.dtype, planeLength(a.geometry, a.geometry.channels));
  array(&a.target, Use::write, a.dtype, pictureLength(a.geometry));
}

void Decoder::maxPoolPick(MaxPoolPickArguments& a) {
  pooled(a.dtype, a.geometry, true);
  if (!ok_) return;
  array(&a.source, Use::read, a.dtype, pictureLength(a.geometry));
  array(&a.values, Use::read, a.dtype, pictureLength(a.geometry));
  array(&a.target, Use::write, a.dtype, planeLength(a.geometry, a.geometry.channels));
}

void Decoder::sumPool(SumPoolArguments& a) {
  pooled(a.dtype, a.geometry, false);
  if (!ok_) return;
  array(&a.source, Use::read, a.dtype, pictureLength(a.geometry));
  array(&a.target, Use::write, a.dtype, planeLength(a.geometry, a.geometry.channels));
}

void Decoder::sumPoolGradient(SumPoolGradientArguments& a) {
  pooled(a.dtype, a.geometry, false);
  if (!ok_) return;
  array(&a.source, Use::read, a.dtype, planeLength(a.geometry, a.geometry.channels));
  array(&a.target, Use::write, a.dtype, pictureLength(a.geometry));
}
