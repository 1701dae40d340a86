package dae.spark;

import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;

/// Spark inside the test's JVM, on the loopback interface.
final class LocalSpark {
  private LocalSpark() {}

  static JavaSparkContext open() {
    return new JavaSparkContext(
        new SparkConf()
            .setMaster("local[2]")
            .setAppName("test")
            .set("spark.scheduler.barrier.maxConcurrentTasksCheck.interval", "1s")
            .set("spark.scheduler.barrier.maxConcurrentTasksCheck.maxFailures", "2")
            .set("spark.ui.enabled", "false")
            .set("spark.sql.warehouse.dir", "target/spark/warehouse")
            .set("spark.driver.host", "127.0.0.1")
            .set("spark.driver.bindAddress", "127.0.0.1"));
  }
}
