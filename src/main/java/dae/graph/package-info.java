/// The tape: record once, lay out in memory once, replay forwards and backwards.
///
/// - [dae.graph.Graph] records the [dae.graph.Op]s that a model calls; [dae.graph.Value]s are what
///   flows between them, [dae.graph.Bytes] the images that the host feeds, [dae.graph.Param]s what
///   is learnt, from an [dae.graph.Init].
/// - [dae.graph.Parameters] owns the weights; every plan of a model shares them.
/// - [dae.graph.PlanDraft] is a graph laid out for a backend, a [dae.graph.Mode] and a capacity,
///   which can be asked for its bytes; [dae.graph.Room] says whether there is memory for them.
///   While it is laid out, each op announces its kernels in a [dae.graph.Setup], and
///   [dae.graph.MemoryPlan] decides where everything lies.
/// - [dae.graph.Plan] is a draft that has taken its memory: each entry got its tensors in a
///   [dae.graph.Step], and after that no tensor is allocated. Backpropagation is the loop in
///   `Plan.backward`: the tape, reversed.
/// - A [dae.graph.Rewrite] may replace entries before memory is planned (fusions); the model never
///   mentions them.
/// - A [dae.graph.Trace] times the entries; a [dae.graph.Probe] takes one image through ops of
///   one's choice and back, to see what depends on what.
///
/// Decision: **what changes from run to run is handed over by name.** Images come as the bytes of
/// an input that the graph declares (`Plan.feed`), or as floats (`Plan.upload`); what is drawn
/// follows from the run's key (`Plan.key`). An op asks its step for the input it was made with.
///
/// Decision: **threads take turns.** Every call of a plan takes its backend's turn
/// ([dae.kernel.Turn]), so plans side by side have the bits that they have alone. A plan has one
/// memory, so one run: `Plan.run` is whole, and of split calls those that would read another
/// thread's run are refused. Waiting for the other thread instead would hang where it never reads.
package dae.graph;
