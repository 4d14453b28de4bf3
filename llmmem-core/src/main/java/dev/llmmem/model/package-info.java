/**
 * What a model is: its layers, their kinds, and every parameter by name and shape.
 *
 * <p>Start with {@link dev.llmmem.model.Models#get(String)} for a bundled model, or read a {@code config.json} with the
 * readers in {@code dev.llmmem.formats}. All types are immutable and thread-safe.
 */
@NullMarked
@CheckReturnValue
package dev.llmmem.model;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
