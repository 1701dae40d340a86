/// The same network, or the same convolution, in other frameworks, timed next to ours: what each of
/// them makes of this processor.
package peers;
