/// The same network in other frameworks, timed beside ours: what each of them makes of this
/// processor.
package peers;
