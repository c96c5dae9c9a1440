// Support vector machines.

export { LinearSVC } from './linear-svc.js'
export { LinearSVR } from './linear-svr.js'
export { OneClassSVM } from './one-class-svm.js'
export { SVC } from './svc.js'
export { SVR } from './svr.js'
