// Who takes part: how each is started and on which jobs. Peers that are not installed stand aside.

import { existsSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'

const here = path.dirname(fileURLToPath(import.meta.url))
const root = path.dirname(here)
const worker = name => path.join(here, 'workers', name)

export const python = process.env.ATHANOR_PEERS_PYTHON ?? path.join(root, '.peers/venv/bin/python')
export const peersJs = process.env.ATHANOR_PEERS_JS ?? path.join(root, '.peers/js')

const hasPython = existsSync(python)
const hasJs = name => existsSync(path.join(peersJs, 'node_modules', name))
const all = () => true
const dense = job => job.startsWith('mlp')
const pictures = job => !dense(job)
const small = job => job === 'mlp-32' || job === 'mlp-4'

const athanor = (id, executor, threads, style = 'fit', jobs = all) => ({
  id,
  group: 'athanor',
  label: `Athanor ${executor}, ${threads} thread${threads > 1 ? 's' : ''}${style === 'fit' ? '' : style === 'loop' ? ', hand-written loop' : ', loop in compile'}`,
  threads,
  command: [process.execPath, worker('athanor-worker.mjs'), style],
  env: { ATHANOR_EXECUTOR: executor, ATHANOR_THREADS: String(threads) },
  jobs,
  available: existsSync(path.join(root, 'dist/index.js')),
})

const torch = (id, style, threads, label, jobs = all) => ({
  id,
  group: 'pytorch',
  label: `PyTorch ${label}, ${threads} thread${threads > 1 ? 's' : ''}`,
  threads,
  command: [python, worker('torch-worker.py'), style, String(threads)],
  jobs,
  available: hasPython,
})

export const contenders = [
  athanor('native-2', 'native', 2),
  athanor('native-1', 'native', 1),
  athanor('wasm-1', 'wasm', 1),
  athanor('loop', 'native', 2, 'loop', small),
  athanor('compiled', 'native', 2, 'compiled', small),
  torch('torch-1', 'eager', 1, 'eager'),
  torch('torch-2', 'eager', 2, 'eager'),
  torch('torch-fused-1', 'fused', 1, 'fused Adam'),
  torch('torch-fused-2', 'fused', 2, 'fused Adam'),
  torch('torch-last-1', 'channels-last', 1, 'channels_last, fused Adam', pictures),
  torch('torch-last-2', 'channels-last', 2, 'channels_last, fused Adam', pictures),
  torch('torch-compiled-1', 'compiled', 1, 'torch.compile'),
  torch('torch-compiled-2', 'compiled', 2, 'torch.compile'),
  torch(
    'torch-compiled-last-1',
    'compiled-channels-last',
    1,
    'torch.compile, channels_last',
    pictures,
  ),
  torch(
    'torch-compiled-last-2',
    'compiled-channels-last',
    2,
    'torch.compile, channels_last',
    pictures,
  ),
  {
    id: 'jax',
    group: 'jax',
    label: 'JAX jit',
    threads: 2,
    command: [python, worker('jax-worker.py')],
    jobs: dense,
    available: hasPython,
  },
  {
    id: 'tfjs',
    group: 'js',
    label: 'TensorFlow.js WASM, 1 thread',
    threads: 1,
    command: [process.execPath, worker('tfjs-worker.mjs'), '1'],
    jobs: job => dense(job) && job !== 'mlp-1024',
    available: hasJs('@tensorflow/tfjs-backend-wasm'),
  },
  {
    id: 'jax-js',
    group: 'js',
    label: 'jax-js WASM, Adam',
    threads: 1,
    command: [process.execPath, worker('jax-js-worker.mjs'), 'adam'],
    jobs: job => dense(job) && job !== 'mlp-1024',
    available: hasJs('@jax-js/jax'),
  },
  {
    id: 'jax-js-sgd',
    group: 'js',
    label: 'jax-js WASM, plain SGD',
    threads: 1,
    command: [process.execPath, worker('jax-js-worker.mjs'), 'sgd'],
    jobs: job => dense(job) && job !== 'mlp-1024',
    available: hasJs('@jax-js/jax'),
  },
]
