/// The command line, one command per file. Every command is a class with picocli annotations that
/// [Main] lists in its `subcommands`; [Main] gives it `--help` and `--version`, shows the defaults
/// of its options, and turns what it throws into a line on stderr and an exit code: 0 done, 1 a bug
/// (with its stack trace), 2 wrong input, 128 + n ended by signal n. Results go to stdout,
/// everything else to stderr. A command that has something to save before it ends listens with
/// [Interrupt]; one that needs much memory asks [dae.Heap] before it takes it.
///
/// `denoise` is in parts: [DenoiseCommand] has its options, CleaningInputs finds the pictures and
/// their targets, CleaningBatch overlaps reading, computing and writing, [dae.denoise.Cleaning] is
/// what is done with one, CleaningReport what is said.
///
/// Options without a value are null, not their default, so that `train --resume` can tell what was
/// asked for; their descriptions name the defaults. Progress is drawn over itself only where stderr
/// is a terminal ([ProgressLine]); elsewhere there is one line per epoch.
package dae.cli;
