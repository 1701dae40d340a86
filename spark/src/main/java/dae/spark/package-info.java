/// The engine on an Apache Spark cluster: what one machine does with a folder, done by many.
///
/// - [dae.spark.Main] is what `spark-submit` starts. `denoise` cleans a folder of any file system
///   that Hadoop reads; [dae.spark.Denoisers] does the same to a column of a DataFrame. `train`
///   trains a model by one barrier stage.
///
/// Decisions:
/// - **Nothing here is in the single-machine jar**, and Spark is in neither jar. Dependencies of
///   the engine that Spark has in other versions are relocated.
/// - **One denoiser per JVM**, shared by its tasks: files are read, decoded and encoded side by
///   side, pictures are computed one after the other with all cores, so that memory holds one plan.
///   A picture that does not fit beside others is taken alone.
/// - **All ranks do the same steps.** Each has the weights, the optimiser and the order of the
///   images, computes its share of each batch, and takes the step of all by a ring all-reduce in a
///   fixed order, so that only gradients travel and a run with N workers has the same bits each
///   time. Each validates with its share of the images. Ranks compare their weights after every
///   epoch.
/// - **Rank 0 keeps the run's folder** and its lock; the others only read the state. A lost rank
///   ends all, and the driver starts the stage again from the last state.
/// - **A picture is there whole or not at all**: written under another name, then renamed. So a
///   task may be run twice, and a folder again, for what is missing.
package dae.spark;
