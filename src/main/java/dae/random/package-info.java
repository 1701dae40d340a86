/// Random numbers that depend on what they are for and on nothing else: [dae.random.Draws] one by
/// one, [dae.random.Normals] for an image, [dae.random.NormalQuantile] for one word,
/// [dae.random.Shuffle] for an order. Imports nothing of ours.
///
/// **Why counter-based.** A conventional generator is a sequence: the noise of image 700 would
/// depend on who drew the 699 images before it, so on threads, batch order and resume position.
/// Here a number is a pure function of a key (the user's seed) and a counter (what is drawn): any
/// thread, and a GPU, can draw the same number in any order, and a resumed run needs no saved
/// state.
///
/// **Why Philox4x32-10.** Ten rounds of two 32-bit multiplications and no tables; it passes
/// BigCrush, has published test vectors and vectorises: Salmon, Moraes, Dror, Shaw, *Parallel
/// random numbers: as easy as 1, 2, 3*, SC 2011.
///
/// **Why our own logarithm, sine and cosine.** `Math.log` may differ in the last bit between the
/// interpreter, the compiler and a device. [dae.random.Normals] uses only float additions,
/// multiplications, `fma`, square roots and integer operations, each of which IEEE 754 defines to
/// the last bit, and no branches: a SIMD lane or an OpenCL work-item that copies it line by line
/// gets the same bits.
///
/// **Streams.** The fourth word of each counter names the purpose ([dae.random.Streams]), so that
/// noise, shuffling and initial weights never share random numbers though they share the seed. A
/// [dae.random.Key] holds what else the noise of a batch depends on. Each step of a chain of damage
/// adds 256 to the word, so that two steps of one kind are independent.
package dae.random;
