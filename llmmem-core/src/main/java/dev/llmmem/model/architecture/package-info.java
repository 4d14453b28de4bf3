/**
 * From the fields of a configuration to a {@link dev.llmmem.model.ModelSpec}: the rules of each model type.
 *
 * <p>Internal. {@link dev.llmmem.model.architecture.Architectures} is the way in; a family is one short method that reads
 * its fields from a {@code Config}, lists parameters with {@code Tensors}, and hands layers to a {@code Decoder}.
 */
@NullMarked
@CheckReturnValue
package dev.llmmem.model.architecture;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
