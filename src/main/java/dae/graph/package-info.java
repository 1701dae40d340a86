/// The tape: record once, lay out in memory once, replay forwards and backwards.
///
/// - [dae.graph.Graph] records the [dae.graph.Op]s that a model calls; [dae.graph.Value]s are what
///   flows between them, [dae.graph.Param]s what is learnt.
/// - [dae.graph.Parameters] owns the weights; every plan of a model shares them.
/// - [dae.graph.Plan] is a graph compiled for a backend, a mode and a capacity:
///   [dae.graph.MemoryPlan] decides all memory, each entry gets its tensors in a [dae.graph.Step],
///   and after that no tensor is allocated. Backpropagation is the loop in `Plan.backward`: the
///   tape, reversed.
/// - A [dae.graph.Rewrite] may replace entries before memory is planned (fusions); the model never
///   says a word about it.
/// - A [dae.graph.Trace] times the entries.
package dae.graph;
