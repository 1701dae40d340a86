/// The lessons: each op at hand-size numbers.
///
/// - [dae.lesson.Lessons] lists them in the order in which a student reads them, and finds one by
///   name.
/// - A [dae.lesson.Lesson] is an op's page in `src/doc/ops` with worked examples, which the scalar
///   kernels compute when they are asked for, each gradient beside its central differences.
///
/// Decision: **no number of a page is written by hand.** A page's numbers and drawings are what
/// this package makes (`LessonTest`), and its first part is the head of the op's file.
package dae.lesson;
