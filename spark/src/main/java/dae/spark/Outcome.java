package dae.spark;

import java.io.Serializable;
import java.util.List;

/// What came of some pictures.
///
/// @param cleaned how many are there now that were not
/// @param skipped how many were there before
/// @param refused one line for each that could not be cleaned
/// @param warnings one line each
record Outcome(long cleaned, long skipped, List<String> refused, List<String> warnings)
    implements Serializable {}
