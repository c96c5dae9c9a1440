// Support vector machines.

export { LinearSVC, type LinearSVCParams, linearSVCParameters } from './linear-svc.js'
export { LinearSVR, type LinearSVRParams, linearSVRParameters } from './linear-svr.js'
export { OneClassSVM, type OneClassSVMParams, oneClassSVMParameters } from './one-class-svm.js'
export { SVC, type SVCParams, svcParameters } from './svc.js'
export { SVR, type SVRParams, svrParameters } from './svr.js'
