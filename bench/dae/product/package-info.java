/// One product of a convolution on random numbers, for JMH and for `peers`.
package dae.product;
