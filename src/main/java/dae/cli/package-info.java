/// The command line, one command per file. Every command is a class with picocli annotations that
/// [Main] lists in its `subcommands`; [Main] gives it `--help` and `--version`, shows the defaults
/// of its options, and turns what it throws into a line on stderr and an exit code: 0 done, 1 a bug
/// (with its stack trace), 2 wrong input, 128 + n ended by signal n. Results go to stdout,
/// everything else to stderr. A command that has something to save before it ends listens with
/// [Interrupt].
package dae.cli;
