export { type RealPulumi, isRecent, pulumiOnPath, realPulumi, trustedPulumi } from './real-pulumi';
