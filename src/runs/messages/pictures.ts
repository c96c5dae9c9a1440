// Texts of runs that learn from pictures.

import { messageTable } from './table.js'

export const pictureMessages = messageTable({
  helpPicture: {
    en: "column with the pictures' paths, in a table of pictures",
    zh: '图片清单中存放图片路径的列',
  },
  helpPictureSize: {
    en: 'side of the squares that pictures are brought to',
    zh: '将图片缩放成的正方形边长（像素）',
  },
  helpFit: {
    en: 'other proportions: cut off what lies over, leave borders, or stretch',
    zh: '长宽比不同时：裁去多余部分、留黑边或拉伸',
  },
  helpAugment: {
    en: 'augmentation of pictures: none, light, strong, signs, colour, or names such as flip,crop,cutout',
    zh: '图片增强：none、light、strong、signs、colour，或具体名称，例如 flip,crop,cutout',
  },
  helpMix: {
    en: 'training pictures mixed with others of their batch, classes too: mixup blends, cutmix pastes a rectangle',
    zh: '将训练图片与同批其他图片混合，类别同样混合：mixup 叠加，cutmix 贴入一块矩形',
  },
  helpSampling: {
    en: 'all: each picture once an epoch; balanced: each class equally often',
    zh: 'all：每轮每张图片出现一次；balanced：各类别出现次数相同',
  },
  notATableOfPictures: {
    en: '{option} names a column of a table of pictures. Here the names of folders, or IDX files, say the classes.',
    zh: '{option} 指定图片清单中的列；此处类别由文件夹名或 IDX 文件给出。',
  },
  picturesArePaths: {
    en: 'Pictures are given by path: a folder, an IDX file, or a table of paths.',
    zh: '图片须以路径给出：文件夹、IDX 文件或路径清单。',
  },
  noClasses: {
    en: 'The pictures of {source} have no classes: put those of each class in a folder of its own, or name the column of a table that has them with --target.',
    zh: '{source} 中的图片没有类别：请将每个类别的图片放在各自的文件夹中，或用 --target 指定清单中的类别列。',
  },
  noKnownClasses: {
    en: 'No picture of {source} has a class that the model knows ({list}): put those of each class in a folder of that name, or take a table with a column of classes.',
    zh: '{source} 中没有图片属于模型已知的类别（{list}）：请将每个类别的图片放在同名文件夹中，或使用带类别列的清单。',
  },
  oneClassOfPictures: {
    en: 'All pictures of {source} are of one class ({value}): there is nothing to learn.',
    zh: '{source} 中的图片都属于同一类别（{value}），没有可学习的内容。',
  },
  picturesTooSmall: {
    en: '--model {model} needs pictures of at least {least} × {least} pixels, not {size}; --picture-size makes them larger.',
    zh: '--model {model} 要求图片至少为 {least} × {least} 像素，当前为 {size}；可用 --picture-size 放大。',
  },
  pictureClass: { en: 'class', zh: '类别' },
  readingPictures: {
    en: 'reading {source}: {done} of {of} pictures',
    zh: '正在读取 {source}：{done}/{of} 张图片',
  },
  picturesFound: {
    en: '{pictures|picture|pictures} of {size}; {classes|class|classes}',
    zh: '共 {pictures} 张 {size} 的图片，{classes} 个类别',
  },
  modelMlp: { en: 'dense net', zh: '全连接网络' },
  modelLenet: { en: 'LeNet', zh: 'LeNet' },
  modelCnn: { en: 'convolutional net', zh: '卷积网络' },
  modelResnet20: { en: 'ResNet-20', zh: 'ResNet-20' },
  modelResnet32: { en: 'ResNet-32', zh: 'ResNet-32' },
  modelResnet56: { en: 'ResNet-56', zh: 'ResNet-56' },
  modelResnet18: { en: 'ResNet-18', zh: 'ResNet-18' },
  notOfARun: {
    en: 'The model file holds a net that no run has trained.',
    zh: '该模型文件中的网络不是由训练运行得到的。',
  },
  reportForPictures: { en: 'Pictures of {source}', zh: '图片分类：{source}' },
  reportSubtitlePictures: {
    en: '{model} for {classes|class|classes}, learned from {rows|picture|pictures} and checked on {test|picture|pictures} it never saw',
    zh: '{model}，{classes} 个类别；用 {rows} 张图片训练，并在模型从未见过的 {test} 张图片上检验',
  },
  factPictures: { en: 'Pictures', zh: '图片' },
  factPictureSize: { en: 'Size', zh: '尺寸' },
  factGrey: { en: 'grey', zh: '灰度' },
  factColour: { en: 'colour', zh: '彩色' },
  sectionAugmentation: { en: 'Augmentation', zh: '图片增强' },
  augmentationNote: {
    en: 'Training pictures, each beside what the net saw of it in some epochs ({names}).',
    zh: '训练图片及其在若干轮训练中经增强后的样子（{names}）。',
  },
  sectionConfusedPairs: { en: 'Most confused', zh: '最易混淆的类别' },
  confusedNote: {
    en: 'Pairs of classes that were mistaken most often on the test pictures, with the surest mistakes.',
    zh: '测试集中最常被混淆的类别，以及其中模型最确信的错误。',
  },
  confusedPair: {
    en: '{truth} taken for {predicted}: {count} of {of}',
    zh: '“{truth}”被判为“{predicted}”：{count}/{of}',
  },
  sectionHighestLosses: { en: 'Highest losses', zh: '损失最高的图片' },
  lossesNote: {
    en: 'Validation and test pictures whose given class the model finds least likely: mistakes of the model, or of the labels.',
    zh: '验证集和测试集中，模型认为给定类别最不可能的图片：可能是模型的错误，也可能是标签的错误。',
  },
  sectionFocus: { en: 'Where the net looked', zh: '网络关注的区域' },
  focusNote: {
    en: 'Test pictures, one of each class; orange marks the places that spoke for the class predicted (Grad-CAM).',
    zh: '每个类别一张测试图片；橙色标出支持所判类别的区域（Grad-CAM）。',
  },
  sectionFilters: { en: 'First filters', zh: '首层卷积核' },
  filtersNote: {
    en: 'The filters of the first convolution: grey is zero, lighter adds, darker takes away.',
    zh: '第一层卷积的卷积核：灰色为零，亮色为正，暗色为负。',
  },
  sectionMaps: { en: 'What the filters see', zh: '卷积核看到了什么' },
  mapsNote: {
    en: 'Each filter looks for one pattern everywhere in a picture, and its map is bright where the pattern is: edges and spots at first, larger things in the coarser maps of later layers. A filter has one scale of brightness for all pictures; where not all are shown, these vary most.',
    zh: '每个卷积核在图片各处寻找一种模式，特征图越亮表示该处越符合：浅层找到边缘和斑点，深层的特征图更粗，对应更大的形状。同一卷积核在各张图片上使用相同的亮度标尺；未全部显示时，选取变化最大的。',
  },
  mapsOfSize: {
    en: 'Maps of {width} × {height}: {shown} of {count}',
    zh: '{width} × {height} 的特征图：显示 {shown}/{count}',
  },
  mapFilters: { en: 'Filter', zh: '卷积核' },
  mapFilter: { en: 'filter {number}', zh: '卷积核 {number}' },
  pictureCaption: {
    en: '{truth}, taken for {predicted} ({share})',
    zh: '“{truth}”被判为“{predicted}”（{share}）',
  },
})
