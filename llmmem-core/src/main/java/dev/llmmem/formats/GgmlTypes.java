package dev.llmmem.formats;

import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/** The table of {@link GgmlType}. */
final class GgmlTypes {

    /** Number, name, elements and bytes of a block. */
    private static final String GGML = """
            0 F32 1 4
            1 F16 1 2
            2 Q4_0 32 18
            3 Q4_1 32 20
            6 Q5_0 32 22
            7 Q5_1 32 24
            8 Q8_0 32 34
            9 Q8_1 32 36
            10 Q2_K 256 84
            11 Q3_K 256 110
            12 Q4_K 256 144
            13 Q5_K 256 176
            14 Q6_K 256 210
            15 Q8_K 256 292
            16 IQ2_XXS 256 66
            17 IQ2_XS 256 74
            18 IQ3_XXS 256 98
            19 IQ1_S 256 50
            20 IQ4_NL 32 18
            21 IQ3_S 256 110
            22 IQ2_S 256 82
            23 IQ4_XS 256 136
            24 I8 1 1
            25 I16 1 2
            26 I32 1 4
            27 I64 1 8
            28 F64 1 8
            29 IQ1_M 256 56
            30 BF16 1 2
            34 TQ1_0 256 54
            35 TQ2_0 256 66
            39 MXFP4 32 17
            40 NVFP4 64 36
            41 Q1_0 128 18
            42 Q2_0 64 18
            """;

    /** The same, and the bytes that a row takes besides. */
    private static final String IK = """
            97 Q8_0_X4 32 34 0
            98 Q8_1_X4 32 36 0
            99 Q8_2_X4 32 36 0
            133 Q6_0 32 26 0
            134 IQ1_BN 64 13 2
            135 IQ2_BN 64 16 4
            136 Q8_K64 64 68 0
            137 IQ2_K 256 76 0
            138 IQ3_K 256 110 0
            139 IQ4_K 256 144 0
            140 IQ5_K 256 176 0
            141 IQ6_K 256 212 0
            144 IQ4_KS 256 136 4
            145 IQ2_KS 256 70 2
            146 IQ4_KSS 256 128 4
            147 Q8_K16 64 64 20
            148 Q8_K32 256 296 0
            149 Q8_KR8 256 296 0
            150 Q8_K128 128 140 0
            151 Q8_KV 32 32 8
            152 IQ5_KS 256 168 4
            153 IQ2_KT 256 68 4
            154 IQ3_KT 256 100 4
            155 IQ4_KT 256 128 4
            156 IQ3_KS 256 102 2
            157 IQ2_KL 256 86 2
            158 IQ1_KT 256 56 4
            202 Q4_0_R8 32 18 0
            206 Q5_0_R4 32 22 0
            208 Q8_0_R8 32 34 0
            210 Q2_K_R4 256 84 0
            211 Q3_K_R4 256 110 0
            212 Q4_K_R4 256 144 0
            213 Q5_K_R4 256 176 0
            214 Q6_K_R4 256 210 0
            216 IQ2_XXS_R4 256 66 0
            217 IQ2_XS_R4 256 74 0
            218 IQ3_XXS_R4 256 98 0
            219 IQ1_S_R4 32 6 2
            220 IQ4_NL_R4 32 18 0
            221 IQ3_S_R4 256 110 0
            222 IQ2_S_R4 256 82 0
            223 IQ4_XS_R8 256 136 0
            229 IQ1_M_R4 32 7 2
            230 BF16_R16 1 2 0
            233 Q6_0_R4 32 26 0
            335 IQ2_BN_R4 64 16 4
            337 IQ2_K_R4 256 76 0
            338 IQ3_K_R4 256 110 0
            339 IQ4_K_R4 256 144 0
            340 IQ5_K_R4 256 176 0
            344 IQ4_KS_R4 256 136 4
            352 IQ5_KS_R4 256 168 4
            353 MXFP4_R8 32 17 0
            397 Q8_K_R16 256 258 0
            398 Q8_KV_R8 32 32 4
            399 Q8_K_R8 256 258 0
            """;

    static final Map<Integer, GgmlType> BY_ID = read();

    /** BitNet's in ik_llama.cpp: its bytes depend on more than its shape. Removed in ggml, where it was IQ4_NL_4_4. */
    private static final int I2_S = 36;

    /** What is wrong with a number that has no format. */
    static String refusal(long id) {
        if (id == I2_S) {
            return "is I2_S of ik_llama.cpp, whose size cannot be known from its shape, or IQ4_NL_4_4, removed from ggml";
        }
        return isRemoved(id) ? "was removed from ggml" : "is unknown";
    }

    private static boolean isRemoved(long id) {
        return id == 4 || id == 5 || (id >= 31 && id <= 33) || (id >= 36 && id <= 38);
    }

    private GgmlTypes() {}

    private static Map<Integer, GgmlType> read() {
        Map<Integer, GgmlType> types = new TreeMap<>();
        GGML.lines().forEach(line -> add(types, line.split(" ", -1), false));
        IK.lines().forEach(line -> add(types, line.split(" ", -1), true));
        return Collections.unmodifiableMap(types);
    }

    private static void add(Map<Integer, GgmlType> types, String[] cells, boolean ikOnly) {
        int id = Integer.parseInt(cells[0]);
        int rowBytes = ikOnly ? Integer.parseInt(cells[4]) : 0;
        types.put(
                id,
                new GgmlType(id, cells[1], Integer.parseInt(cells[2]), Integer.parseInt(cells[3]), rowBytes, ikOnly));
    }
}
