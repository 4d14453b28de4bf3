package dev.llmmem.units;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.StringLength;

class DTypeProperties {

    private static final long MANY = Long.MAX_VALUE / 8;

    @Property
    void bytesAreTheBitsRoundedUp(@ForAll DType type, @ForAll @LongRange(max = MANY) long elements) {
        BigInteger bits = BigInteger.valueOf(elements).multiply(BigInteger.valueOf(type.bits()));
        BigInteger bytes = bits.add(BigInteger.valueOf(7)).shiftRight(3);
        assertThat(BigInteger.valueOf(type.bytes(elements).value())).isEqualTo(bytes);
    }

    @Property
    void apartIsNeverLessThanTogether(
            @ForAll DType type, @ForAll @LongRange(max = MANY / 2) long a, @ForAll @LongRange(max = MANY / 2) long b) {
        Bytes apart = type.bytes(a).plus(type.bytes(b));
        Bytes together = type.bytes(a + b);
        assertThat(apart).isGreaterThanOrEqualTo(together);
        assertThat(apart.minus(together)).isLessThanOrEqualTo(Bytes.of(1));
    }

    @Property
    void anyNameIsAFormatOrNone(@ForAll @StringLength(max = 20) String name) {
        assertThat(DType.find(name).map(type -> DType.parse(name))).isEqualTo(DType.find(name));
    }
}
