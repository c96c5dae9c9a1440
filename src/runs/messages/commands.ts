// Help, headings and tables of the command line.

import { messageTable } from './table.js'

export const commandMessages = messageTable({
  tagline: {
    en: 'Athanor trains models on tables, pictures, texts and recordings: from files to a checked, saved model and a report.',
    zh: 'Athanor：用表格、图片、文本和录音训练模型——从文件到经过检验、可保存的模型与报告。',
  },
  usage: { en: 'Usage', zh: '用法' },
  commandsTitle: { en: 'Commands', zh: '命令' },
  optionsTitle: { en: 'Options', zh: '选项' },
  examplesTitle: { en: 'Example', zh: '示例' },
  moreHelp: {
    en: 'athanor <command> --help says more about a command.',
    zh: '用 athanor <命令> --help 查看各命令的详细说明。',
  },
  lrPicture: { en: 'Curve: {path}', zh: '曲线：{path}' },
  noLearningRate: {
    en: "'{model}' has no learning rate. Leave out --model, or give neural.",
    zh: '“{model}”没有学习率。请去掉 --model，或使用 neural。',
  },
  helpLrOut: { en: 'picture to write', zh: '输出图片' },
  defaultIs: { en: 'default {value}', zh: '默认 {value}' },
  argumentData: { en: 'data', zh: '数据' },
  argumentRun: { en: 'run', zh: '运行' },
  commandTrain: {
    en: 'train a model on a table, pictures, texts or recordings',
    zh: '用表格、图片、文本或录音训练模型',
  },
  commandCompare: {
    en: 'compare models on a table; train none for good',
    zh: '在表格数据上比较各类模型，不保存模型',
  },
  commandLr: {
    en: 'find a learning rate for the net that train would make',
    zh: '为 train 将要训练的网络寻找学习率',
  },
  commandEvaluate: { en: 'measure a run’s model on other data', zh: '在其他数据上评估模型' },
  commandPredict: {
    en: 'predict the rows of a table, or pictures',
    zh: '对表格的每一行或图片进行预测',
  },
  commandReport: { en: 'draw a run’s report again', zh: '重新生成某次运行的报告' },
  commandRuns: { en: 'list the runs', zh: '列出所有运行' },
  commandDoctor: { en: 'say what this machine offers', zh: '检查本机环境' },
  commandBuild: { en: 'compile the native kernels for this machine', zh: '为本机编译原生内核' },
  commandVersion: { en: 'print the version', zh: '显示版本号' },
  unknownCommand: { en: "There is no command '{name}'.", zh: '没有名为“{name}”的命令。' },
  tooManyArguments: { en: "'{value}' is one argument too many.", zh: '多余的参数：“{value}”。' },
  runMissing: {
    en: 'Which run? Give its folder or name: athanor {command} <run>',
    zh: '请指定运行目录或名称：athanor {command} <运行>',
  },
  configProblem: {
    en: '{path}:{line}:{column}: {problem}',
    zh: '{path}:{line}:{column}：{problem}',
  },
  configNotObject: { en: 'expected an object of options', zh: '应为由选项组成的对象' },
  noRuns: { en: 'No runs in {folder}.', zh: '{folder} 中没有运行记录。' },
  runColumn: { en: 'Run', zh: '运行' },
  createdColumn: { en: 'Created', zh: '创建时间' },
  statusColumn: { en: 'Status', zh: '状态' },
  targetColumn: { en: 'Target', zh: '目标' },
  scoreColumn: { en: 'Test', zh: '测试集' },
  statusFinished: { en: 'finished', zh: '已完成' },
  statusUnfinished: { en: 'unfinished', zh: '未完成' },
  statusFailed: { en: 'failed', zh: '失败' },
  statusBroken: { en: 'unreadable', zh: '无法读取' },
  doctorTitle: { en: 'What Athanor finds on this machine', zh: '本机环境检查' },
  doctorExecutor: { en: 'executor', zh: '执行后端' },
  doctorIsa: { en: 'instruction set', zh: '指令集' },
  doctorThreads: { en: 'threads', zh: '线程数' },
  doctorPassedOver: { en: 'passed over {name}: {reason}', zh: '未采用 {name}：{reason}' },
  doctorMemory: { en: 'memory', zh: '内存' },
  doctorNative: {
    en: 'No native kernels here: `npx athanor build` compiles them (needs a C++17 compiler).',
    zh: '没有可用的原生内核：运行 npx athanor build 即可编译（需要 C++17 编译器）。',
  },
  buildDone: { en: 'Native kernels compiled: {path}', zh: '原生内核编译完成：{path}' },
  buildNotHere: {
    en: 'The source of the kernels is not where it should be: {path}',
    zh: '找不到内核源代码：{path}',
  },
  wasmUsed: {
    en: 'note: the WebAssembly kernels are used, slower than native ones ({reason}); `athanor build` compiles native ones where there is a C++17 compiler',
    zh: '提示：当前使用 WebAssembly 内核，速度低于原生内核（{reason}）；若有 C++17 编译器，可运行 athanor build 编译原生内核',
  },
})
