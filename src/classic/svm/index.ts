// Support vector machines.

export { OneClassSVM, type OneClassSVMParams, oneClassSVMParameters } from './one-class-svm.js'
export { SVC, type SVCParams, svcParameters } from './svc.js'
export { SVR, type SVRParams, svrParameters } from './svr.js'
