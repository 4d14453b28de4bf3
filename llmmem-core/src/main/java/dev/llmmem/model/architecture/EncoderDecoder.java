package dev.llmmem.model.architecture;

import com.google.common.collect.ImmutableList;
import dev.llmmem.model.Attention;
import dev.llmmem.model.Parameter;
import dev.llmmem.model.Tower;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Predicate;

/** What models of an encoder and a decoder share: the decoder has the layers, the encoder is a tower. */
final class EncoderDecoder {

    private EncoderDecoder() {}

    /** The encoder: what comes before its layers, the layers, and what comes after. */
    static Tower encoder(Tensors before, Tensors block, int layers, Predicate<Parameter> firstOnly, Tensors after) {
        ImmutableList.Builder<Tower.Part> parts = ImmutableList.builder();
        before.list().forEach(parameter -> parts.add(new Tower.Part(parameter, 1)));
        block.list().forEach(parameter -> parts.add(new Tower.Part(parameter, firstOnly.test(parameter) ? 1 : layers)));
        after.list().forEach(parameter -> parts.add(new Tower.Part(parameter, 1)));
        return new Tower("encoder", parts.build());
    }

    /** Attention of the decoder to what is written and to what the encoder read. */
    static Attention cross(Shape shape) {
        Attention.Grouped own =
                new Attention.Grouped(shape.heads(), shape.heads(), shape.headSize(), 0, OptionalInt.empty());
        return new Attention.Cross(Optional.of(own), shape.heads(), shape.heads(), shape.headSize());
    }
}
