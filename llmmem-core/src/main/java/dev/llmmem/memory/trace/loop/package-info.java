/** The loops around a model: loading, training steps, generation. */
@NullMarked
package dev.llmmem.memory.trace.loop;

import org.jspecify.annotations.NullMarked;
