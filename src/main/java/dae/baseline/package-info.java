/// Denoisers of the textbooks, to be measured beside a model: a network is worth its cost where it
/// does better than these.
///
/// Each file is a [dae.baseline.Baseline]: what it does in words, its formula, its source. Their
/// parameters are chosen on training images ([dae.baseline.Baselines]), and what is learnt is
/// learnt from these ([dae.baseline.Examples]). Plain loops in one thread each: they are a
/// yardstick, not the product. Images are height × width × 3 interleaved values, nominally from 0
/// to 1. Over their borders they are mirrored with the edge repeated, as the field's libraries do:
/// not repeated, median and blur leave 3 to 11 % more.
///
/// Principal components come from EJML's eigen decomposition.
package dae.baseline;
