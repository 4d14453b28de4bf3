/**
 * Quantized weights as checkpoints store them: which tensors stand for a weight, and what they take.
 */
@NullMarked
@CheckReturnValue
package dev.llmmem.formats.quantization;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
