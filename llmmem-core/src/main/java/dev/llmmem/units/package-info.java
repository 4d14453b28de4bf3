/**
 * Sizes and number formats as types: {@link dev.llmmem.units.Bytes} and {@link dev.llmmem.units.DType}.
 *
 * @serial exclude
 */
@CheckReturnValue
@NullMarked
package dev.llmmem.units;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
