/**
 * Transformer code on the {@link dev.llmmem.memory.trace.Tape}, written as Hugging Face transformers 5.18 writes it.
 *
 * <p>A model family is a {@link dev.llmmem.memory.trace.modeling.Block}; the pieces it is made of are shared.
 */
@NullMarked
package dev.llmmem.memory.trace.modeling;

import org.jspecify.annotations.NullMarked;
