package dae.spark;

import org.apache.spark.SparkConf;

/// How the JVMs start that compute. The launcher of the single machine gives the same options, and
/// says there what for: kernels are compiled before they have run long, all else later.
final class ExecutorJvm {
  private static final String OPTIONS = "spark.executor.extraJavaOptions";

  private static final String WARM_UP =
      "-XX:CompileThresholdScaling=3 -XX:Tier3DelayOn=1000 -XX:CompileCommand=quiet"
          + " -XX:CompileCommand=BackgroundCompilation,dae.kernel.simd.*::*,false"
          + " -XX:CompileCommand=BackgroundCompilation,dae.kernel.simd.PixelClasses*::*,true"
          + " -XX:CompileCommand=CompileThresholdScaling,dae.kernel.simd.*::*,0.03 ";

  private ExecutorJvm() {}

  /// Puts the options in front of those that somebody has set, which win.
  static SparkConf configure(SparkConf conf) {
    return conf.set(OPTIONS, WARM_UP + conf.get(OPTIONS, ""));
  }
}
